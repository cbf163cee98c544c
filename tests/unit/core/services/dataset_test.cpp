#include "core/services/dataset.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "support/errors.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using lumi::Error;
using lumi::ErrorCode;
using lumi::TextSource;
using lumi::services::Force;
using lumi::test::code_of;
using lumi::test::error_of;
using lumi::test::ServiceHome;
namespace fs = std::filesystem;

namespace {

int count_files(const fs::path& folder) {
  int count = 0;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    count += entry.is_regular_file() ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE_FIXTURE(ServiceHome, "a dataset is its row and its object") {
  const auto record = add_dataset("my file.csv",
                                  "\xEF\xBB\xBF"
                                  "examples,ground_truth\r\n\"x\",y\r\n");
  CHECK(record.filename == "my file.csv");
  CHECK(record.size_bytes == 33);
  CHECK(record.rows == 1);
  CHECK(record.ground_truth);
  CHECK(record.columns_json == R"(["examples","ground_truth"])");
  CHECK(record.object_key == "datasets/" + record.id + "/my file.csv/dataset.csv");
  CHECK(object_text(record.object_key) == "examples,ground_truth\nx,y\n");
  CHECK(datasets.get(record.id).sha256 == record.sha256);
  CHECK(datasets.get(record.id.substr(0, 8)).id == record.id);
}

TEST_CASE_FIXTURE(ServiceHome, "what cannot be a dataset leaves nothing behind") {
  CHECK(code_of([&] { add_dataset("a.csv", "text\nx\n"); }) == ErrorCode::invalid_input);
  CHECK(code_of([&] { add_dataset("a.csv", "examples\n\"x"); }) == ErrorCode::invalid_input);
  CHECK(code_of([&] { add_dataset("a.csv", "examples\n"); }) == ErrorCode::invalid_input);
  CHECK(count_files(home.path()) == 0);
  CHECK_FALSE(fs::exists(home.database_path()));
}

TEST_CASE_FIXTURE(ServiceHome, "an object whose row is refused is removed") {
  class SameId final : public lumi::IdSource {
  public:
    std::string uuid() override { return "11111111-1111-4111-8111-111111111111"; }
  };
  SameId same;
  lumi::services::DatasetService service({databases, objects, clock, same});
  lumi::services::CreateOptions options;
  options.filename = "a.csv";
  TextSource first("examples\nx\n");
  service.create(first, options);
  options.filename = "b.csv";
  TextSource second("examples\nx\n");
  CHECK(code_of([&] { service.create(second, options); }) == ErrorCode::conflict);
  CHECK(count_files(home.objects_folder()) == 1);
}

TEST_CASE_FIXTURE(ServiceHome, "the same content and name is one dataset if that is asked for") {
  lumi::services::CreateOptions options;
  options.filename = "a.csv";
  options.reuse = lumi::services::Reuse::yes;
  const auto create = [&](const std::string& csv) {
    TextSource source(csv);
    return datasets.create(source, options).dataset.id;
  };
  const auto id = create("examples\nx\n");
  CHECK(create("examples\nx\n") == id);
  CHECK(create("examples\ny\n") != id);
  options.filename = "b.csv";
  CHECK(create("examples\nx\n") != id);
  CHECK(count_files(home.objects_folder()) == 3);
}

TEST_CASE_FIXTURE(ServiceHome, "an unknown id comes with a near one") {
  const auto record = add_dataset();
  auto typo = record.id;
  typo[12] = typo[12] == 'a' ? 'b' : 'a';
  auto error = error_of([&] { datasets.get(typo); }).value();
  CHECK(error.code() == ErrorCode::not_found);
  CHECK(error.hint() == "did you mean \"" + record.id + "\"?");
  auto prefix = record.id.substr(0, 8);
  prefix[0] = prefix[0] == 'a' ? 'b' : 'a';
  error = error_of([&] { datasets.get(prefix); }).value();
  CHECK(error.hint() == "did you mean \"" + record.id.substr(0, 8) + "\"?");
  error = error_of([&] { datasets.get("00000000-0000-4000-8000-000000000000"); }).value();
  CHECK(error.hint() == "'lumi dataset list' shows what there is");
  CHECK(code_of([&] { datasets.get("abc"); }) == ErrorCode::usage);
  CHECK(code_of([&] { datasets.get("nothing at all"); }) == ErrorCode::not_found);
}

TEST_CASE("an id in no home is not found, and makes none") {
  ServiceHome empty;
  CHECK(code_of([&] { empty.datasets.get("00000000-0000-4000-8000-000000000000"); }) == ErrorCode::not_found);
  CHECK(empty.datasets.list({}).total == 0);
  CHECK_FALSE(fs::exists(empty.home.path()));
}

TEST_CASE_FIXTURE(ServiceHome, "removal takes row and object") {
  const auto record = add_dataset();
  const auto kept = add_dataset();
  const auto removal = datasets.remove(record.id, Force::no);
  CHECK(removal.id == record.id);
  CHECK(removal.warnings.empty());
  CHECK(datasets.list({}).total == 1);
  CHECK(count_files(home.objects_folder()) == 1);
  CHECK(lumi::store::GarbageRepository(databases.get()).count() == 0);
  CHECK(code_of([&] { datasets.remove(record.id, Force::no); }) == ErrorCode::not_found);
  CHECK(datasets.get(kept.id).id == kept.id);
}

TEST_CASE_FIXTURE(ServiceHome, "a removal whose object cannot be reached is a warning, and garbage") {
  auto record = add_dataset();
  record.id = ids.uuid();
  record.object_key = "datasets/" + record.id + "/x/dataset.csv";
  record.storage_url = "s3://bucket";
  lumi::store::DatasetRepository(databases.get()).insert(record);
  const auto removal = datasets.remove(record.id, Force::no);
  REQUIRE(removal.warnings.size() == 1);
  CHECK(removal.warnings[0].find(record.id) != std::string::npos);
  CHECK(removal.warnings[0].find("lumi gc") != std::string::npos);
  const auto garbage = lumi::store::GarbageRepository(databases.get()).list();
  REQUIRE(garbage.size() == 1);
  CHECK(garbage[0].storage_url == "s3://bucket");
  CHECK(garbage[0].attempts == 1);
  CHECK_FALSE(garbage[0].last_error.empty());
}

TEST_CASE_FIXTURE(ServiceHome, "a dataset that an unfinished job reads stays, unless forced") {
  const auto record = add_dataset();
  auto job = lumi::test::job_record(1);
  job.status = "running";
  job.runner = "ray";
  job.dataset_id = record.id;
  lumi::store::JobRepository(databases.get()).insert(job);
  const auto error = error_of([&] { datasets.remove(record.id, Force::no); }).value();
  CHECK(error.code() == ErrorCode::conflict);
  CHECK(std::string(error.what()).find(job.id) != std::string::npos);
  CHECK(datasets.get(record.id).id == record.id);
  datasets.remove(record.id, Force::yes);
  CHECK(datasets.list({}).total == 0);
}

TEST_CASE_FIXTURE(ServiceHome, "a damaged object is told before or while it is used") {
  const auto record = add_dataset();
  const auto path = object_path(record.object_key);
  const auto whole = object_text(record.object_key);
  auto damaged = whole;
  SUBCASE("flipped") { damaged[damaged.size() - 3] ^= 1; }
  SUBCASE("cut") { damaged.pop_back(); }
  SUBCASE("longer") { damaged += "q,r\n"; }
  lumi::test::plant(path, damaged);
  const auto error = error_of([&] { lumi::read_all(*datasets.open(record)); }).value();
  CHECK(error.code() == ErrorCode::storage);
  CHECK(std::string(error.what()).find(record.object_key) != std::string::npos);
  CHECK(code_of([&] { datasets.statistics(record.id); }) == ErrorCode::storage);
  if (damaged.size() != whole.size()) {
    CHECK(code_of([&] { datasets.preview(record.id, 1); }) == ErrorCode::storage);
  }
  fs::remove(path);
  CHECK(code_of([&] { datasets.open(record); }) == ErrorCode::storage);
}
