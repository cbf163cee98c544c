#include "base/error.hpp"
#include "core/services/garbage.hpp"
#include "core/services/storage_copy.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace lumi;
using namespace lumi::services;
using lumi::test::ServiceHome;

namespace {

struct StorageCopyFixture : ServiceHome {
  std::string there = "file://" + (folder / "there").string();
  StorageCopyService storage{{databases, objects, clock}};

  CopySummary copy(const std::string& to) { return storage.copy(to, ReadBack::yes, {}); }
};

}  // namespace

TEST_CASE_FIXTURE(StorageCopyFixture, "without a database there is nothing to copy, and none is made") {
  CHECK(copy(there).objects == 0);
  CHECK_FALSE(std::filesystem::exists(home.path()));
}

TEST_CASE_FIXTURE(StorageCopyFixture, "every object goes, and its row names the copy") {
  const auto dataset = add_dataset();
  const auto large = add_dataset("large.csv", "examples\n" + std::string(3'000'000, 'x') + "\n");
  const auto job = add_job();
  CHECK(storage.plan(there).objects == 3);
  const auto summary = copy(there);
  CHECK(summary.copied == 3);
  CHECK(summary.failures.empty());
  CHECK(summary.size_bytes == dataset.object_size_bytes + large.object_size_bytes + 14);
  CHECK(datasets.get(dataset.id).storage_url == there);
  CHECK(store::JobRepository(databases.get()).find(job.id)->storage_url == there);
  CHECK(read_all(*datasets.open(datasets.get(large.id))).size() == large.object_size_bytes);

  CHECK(std::filesystem::exists(object_path(dataset.object_key)));
  for (const auto& record : store::GarbageRepository(databases.get()).list()) {
    CHECK(record.storage_url == "file:");
    CHECK(record.attempts == store::k_kept_source);
  }
  const auto again = copy(there);
  CHECK(again.objects == 0);
  CHECK(again.in_place == 3);
}

TEST_CASE_FIXTURE(StorageCopyFixture, "back again: what is in use is no source any more") {
  const auto dataset = add_dataset();
  copy(there);
  CHECK(copy("file:").copied == 1);
  const auto garbage = store::GarbageRepository(databases.get()).list();
  REQUIRE(garbage.size() == 1);
  CHECK(garbage[0].storage_url == there);
  CHECK(object_text(dataset.object_key) == "examples,ground_truth\nx,y\nz,\"a,b\"\n");
}

TEST_CASE_FIXTURE(StorageCopyFixture, "a damaged object is not copied, the others are") {
  const auto good = add_dataset();
  const auto bad = add_dataset("b.csv", "examples\nsome text\n");
  const auto gone = add_dataset("c.csv", "examples\nother text\n");
  const auto large = add_dataset("large.csv", "examples\n" + std::string(3'000'000, 'x') + "\n");
  test::plant(object_path(bad.object_key), "examples\nsame text\n");
  test::plant(object_path(large.object_key), "examples\n" + std::string(3'000'000, 'y') + "\n");
  std::filesystem::remove(object_path(gone.object_key));
  const auto summary = copy(there);
  CHECK(summary.copied == 1);
  REQUIRE(summary.failures.size() == 3);
  for (const auto* dataset : {&bad, &gone, &large}) {
    CHECK(datasets.get(dataset->id).storage_url == "file:");
  }
  CHECK(datasets.get(good.id).storage_url == there);
  // What was written of the damaged one is noted, and gc removes it.
  CHECK(store::GarbageRepository(databases.get()).is_noted(there, large.object_key));
}

TEST_CASE_FIXTURE(StorageCopyFixture, "what somebody else has there is not replaced, and serves if it is the same") {
  const std::string large_text = "examples\n" + std::string(3'000'000, 'x') + "\n";
  const auto same = add_dataset();
  const auto other = add_dataset("b.csv", "examples\nours\n");
  const auto large = add_dataset("large.csv", large_text);
  const auto other_large = add_dataset("large.csv", large_text);
  auto& target = objects.at(there);
  const auto plant = [&](const store::DatasetRecord& dataset, const std::string& text) {
    const auto writer = target.create(dataset.object_key);
    writer->write(text);
    writer->commit();
  };
  plant(same, object_text(same.object_key));
  plant(other, "examples\ntheirs\n");
  plant(large, large_text);
  plant(other_large, "examples\ntheirs\n");
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto summary = copy(there);
    CHECK(summary.copied == (attempt == 0 ? 2 : 0));
    REQUIRE(summary.failures.size() == 2);
    CHECK(summary.failures[0].find("already, with other content") != std::string::npos);
    CHECK(read_all(*target.open(other.object_key)) == "examples\ntheirs\n");
    CHECK(read_all(*target.open(other_large.object_key)) == "examples\ntheirs\n");
  }
  CHECK(datasets.get(same.id).storage_url == there);
  CHECK(datasets.get(large.id).storage_url == there);
  CHECK(datasets.get(other.id).storage_url == "file:");
  // gc would take it for ours.
  CHECK_FALSE(store::GarbageRepository(databases.get()).is_noted(there, other.object_key));
  CHECK_FALSE(store::GarbageRepository(databases.get()).is_noted(there, other_large.object_key));
}

TEST_CASE_FIXTURE(StorageCopyFixture, "what somebody else has there and nobody can read is no garbage of ours") {
  const auto dataset = add_dataset();
  std::filesystem::create_directories(folder / "there" / dataset.object_key / "something");
  const auto summary = copy(there);
  CHECK(summary.copied == 0);
  CHECK(summary.failures.size() == 1);
  CHECK_FALSE(store::GarbageRepository(databases.get()).is_noted(there, dataset.object_key));
}

TEST_CASE_FIXTURE(StorageCopyFixture, "what an earlier copy has left there is replaced") {
  const auto dataset = add_dataset();
  const auto writer = objects.at(there).create(dataset.object_key);
  writer->write("something else");
  writer->commit();
  announce_objects(databases, there, {{dataset.object_key, ""}}, clock.now());
  CHECK(copy(there).copied == 1);
  CHECK(read_all(*objects.at(there).open(dataset.object_key)) == object_text(dataset.object_key));
}

TEST_CASE_FIXTURE(StorageCopyFixture, "a storage that is none ends the copy before anything is noted") {
  add_dataset();
  CHECK_THROWS_AS(copy("ftp://x"), Error);
  CHECK(store::GarbageRepository(databases.get()).count() == 0);
}
