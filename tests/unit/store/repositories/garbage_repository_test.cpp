#include "store/query.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "support/records.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using lumi::store::Database;
using lumi::store::GarbageRepository;
using lumi::store::Home;

namespace {

struct GarbageRepositoryFixture {
  lumi::test::TempDir folder;
  std::unique_ptr<Database> database = Database::open(Home(folder.path()));
  GarbageRepository garbage{*database};
};

}  // namespace

TEST_CASE_FIXTURE(GarbageRepositoryFixture, "garbage is kept until it is removed") {
  garbage.insert({"file:", "b", {2}, 0, ""});
  garbage.insert({"file:", "a", {3}, 0, ""});
  garbage.insert({"s3://x", "a", {1}, 0, ""});
  garbage.insert({"file:", "a", {9}, 7, "again"});
  CHECK(garbage.count() == 3);
  garbage.note_failure("file:", "b", "no such bucket");
  const auto all = garbage.list();
  REQUIRE(all.size() == 3);
  CHECK(all[0].storage_url == "s3://x");
  CHECK(all[1].object_key == "b");
  CHECK(all[1].attempts == 1);
  CHECK(all[1].last_error == "no such bucket");
  CHECK(all[2].created_at.microseconds == 3);
  CHECK(garbage.remove("file:", "a"));
  CHECK_FALSE(garbage.remove("file:", "a"));
  CHECK(garbage.count() == 2);
}

TEST_CASE_FIXTURE(GarbageRepositoryFixture, "the objects that rows name are known") {
  const auto dataset = lumi::test::dataset_record(1);
  lumi::store::DatasetRepository(*database).insert(dataset);
  auto job = lumi::test::job_record(1);
  job.storage_url = "s3://bucket";
  job.result_key = "jobs/results/x/results.json";
  job.result_sha256 = std::string(64, 'c');
  lumi::store::JobRepository(*database).insert(job);
  lumi::store::JobRepository(*database).insert(lumi::test::job_record(2));

  std::vector<lumi::store::ObjectReference> references;
  garbage.visit_references([&](const auto& reference) { references.push_back(reference); });
  REQUIRE(references.size() == 2);
  CHECK(references[0].owner_type == "dataset");
  CHECK(references[0].owner_id == dataset.id);
  CHECK(references[0].object_key == dataset.object_key);
  CHECK(references[0].size_bytes == dataset.object_size_bytes);
  CHECK(references[0].sha256 == dataset.object_sha256);
  CHECK(references[1].owner_type == "job");
  CHECK(references[1].storage_url == "s3://bucket");
  CHECK(references[1].object_key == *job.result_key);
  CHECK(garbage.is_referenced("file:", dataset.object_key));
  CHECK(garbage.is_referenced("s3://bucket", *job.result_key));
  CHECK_FALSE(garbage.is_referenced("file:", *job.result_key));
  CHECK_FALSE(garbage.is_referenced("file:", "x"));
}

TEST_CASE_FIXTURE(GarbageRepositoryFixture, "asking whether an object is named needs no scan of a table") {
  lumi::store::Query plan(*database,
                          "EXPLAIN QUERY PLAN SELECT 1 FROM object_references WHERE object_key = 'a' AND "
                          "storage_url = 'b' LIMIT 1");
  std::string all;
  while (plan.next()) {
    plan.integer();
    plan.integer();
    plan.integer();
    all += plan.text() + "\n";
  }
  CAPTURE(all);
  CHECK(all.find("SCAN datasets") == std::string::npos);
  CHECK(all.find("SCAN jobs") == std::string::npos);
}
