#include "store/query.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "support/errors.hpp"
#include "support/records.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using lumi::ErrorCode;
using lumi::store::Database;
using lumi::store::DatasetRepository;
using lumi::store::Home;
using lumi::test::dataset_record;

namespace {

struct DatasetRepositoryFixture {
  lumi::test::TempDir folder;
  std::unique_ptr<Database> database = Database::open(Home(folder.path()));
  DatasetRepository datasets{*database};
};

void check_equal(const lumi::store::DatasetRecord& a, const lumi::store::DatasetRecord& b) {
  CHECK(a.id == b.id);
  CHECK(a.filename == b.filename);
  CHECK(a.format == b.format);
  CHECK(a.size_bytes == b.size_bytes);
  CHECK(a.sha256 == b.sha256);
  CHECK(a.ground_truth == b.ground_truth);
  CHECK(a.run_id == b.run_id);
  CHECK(a.generated == b.generated);
  CHECK(a.generated_by == b.generated_by);
  CHECK(a.created_at == b.created_at);
  CHECK(a.rows == b.rows);
  CHECK(a.columns_json == b.columns_json);
  CHECK(a.storage_url == b.storage_url);
  CHECK(a.object_key == b.object_key);
  CHECK(a.object_size_bytes == b.object_size_bytes);
  CHECK(a.object_sha256 == b.object_sha256);
}

}  // namespace

TEST_CASE_FIXTURE(DatasetRepositoryFixture, "a dataset's row comes back as it was inserted") {
  auto plain = dataset_record(1);
  auto full = dataset_record(2);
  full.filename = "n'a\"m%e_\n\xC3\xA4.csv";
  full.run_id = "some-job";
  full.generated = true;
  full.generated_by = "a/model";
  full.ground_truth = false;
  datasets.insert(plain);
  datasets.insert(full);
  REQUIRE(datasets.find(plain.id).has_value());
  check_equal(*datasets.find(plain.id), plain);
  check_equal(*datasets.find(full.id), full);
  CHECK_FALSE(datasets.find("nothing").has_value());
  CHECK(datasets.count() == 2);
  CHECK(datasets.remove(plain.id));
  CHECK_FALSE(datasets.remove(plain.id));
  CHECK(datasets.count() == 1);
}

TEST_CASE_FIXTURE(DatasetRepositoryFixture, "an id is given once, and so is an object") {
  auto record = dataset_record(1);
  datasets.insert(record);
  CHECK(lumi::test::code_of([&] { datasets.insert(record); }) == ErrorCode::conflict);
  record.id = dataset_record(2).id;
  CHECK(lumi::test::code_of([&] { datasets.insert(record); }) == ErrorCode::conflict);
}

TEST_CASE_FIXTURE(DatasetRepositoryFixture, "what cannot be a dataset is refused") {
  auto record = dataset_record(1);
  record.sha256 = "short";
  CHECK(lumi::test::code_of([&] { datasets.insert(record); }) == ErrorCode::conflict);
  CHECK(datasets.count() == 0);
}

TEST_CASE_FIXTURE(DatasetRepositoryFixture,
                  "listings are newest first, with the true total, and stable where times are equal") {
  std::vector<lumi::store::DatasetRecord> records;
  for (int i = 0; i < 10; ++i) {
    records.push_back(dataset_record(i / 2));
    datasets.insert(records.back());
  }
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
    return std::pair(a.created_at, a.id) > std::pair(b.created_at, b.id);
  });
  const auto all = datasets.list({0, 0});
  CHECK(all.total == 10);
  REQUIRE(all.items.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(all.items[i].id == records[i].id);
  }
  const auto page = datasets.list({3, 4});
  CHECK(page.total == 10);
  REQUIRE(page.items.size() == 4);
  CHECK(page.items[0].id == records[3].id);
  CHECK(page.items[3].id == records[6].id);
  CHECK(datasets.list({9, 100}).items.size() == 1);
  CHECK(datasets.list({10, 100}).items.empty());
  CHECK(datasets.list({~0ULL, ~0ULL}).items.empty());
}

TEST_CASE_FIXTURE(DatasetRepositoryFixture, "ids are found by their start") {
  for (const std::string id : {"aaaa1111", "aaaa2222", "aaab3333", "b"}) {
    auto record = dataset_record(1);
    record.id = id;
    record.object_key = id;
    datasets.insert(record);
  }
  using Ids = std::vector<std::string>;
  CHECK(datasets.find_ids_by_prefix("aaaa", 10) == Ids{"aaaa1111", "aaaa2222"});
  CHECK(datasets.find_ids_by_prefix("aaa", 2) == Ids{"aaaa1111", "aaaa2222"});
  CHECK(datasets.find_ids_by_prefix("aaab3333", 10) == Ids{"aaab3333"});
  CHECK(datasets.find_ids_by_prefix("aaab33334", 10).empty());
  CHECK(datasets.find_ids_by_prefix("%", 10).empty());
  CHECK(datasets.find_ids_by_prefix("", 10).size() == 4);
}

TEST_CASE_FIXTURE(DatasetRepositoryFixture, "a mistyped id has near ones") {
  auto record = dataset_record(1);
  datasets.insert(record);
  datasets.insert(dataset_record(2));
  auto typo = record.id;
  typo[20] = typo[20] == 'a' ? 'b' : 'a';
  CHECK(datasets.find_near_ids(typo) == std::vector<std::string>{record.id});
  typo = record.id;
  typo[0] = typo[0] == 'a' ? 'b' : 'a';
  CHECK(datasets.find_near_ids(typo) == std::vector<std::string>{record.id});
  auto start = record.id.substr(0, 8);
  start[1] = start[1] == 'a' ? 'b' : 'a';
  CHECK(datasets.find_near_ids(start) == std::vector<std::string>{record.id});
  CHECK(datasets.find_near_ids("zzzzzzzz").empty());
}

TEST_CASE_FIXTURE(DatasetRepositoryFixture, "the newest dataset of the same content, name and columns is found") {
  auto old = dataset_record(1);
  auto young = dataset_record(2);
  auto other = dataset_record(3);
  young.filename = old.filename;
  old.run_id = "job";
  datasets.insert(young);
  datasets.insert(old);
  datasets.insert(other);
  const auto id_of_same = [&](void (*change)(lumi::store::DatasetRecord&)) {
    auto wanted = dataset_record(2);
    wanted.filename = dataset_record(1).filename;
    change(wanted);
    const auto found = datasets.find_same(wanted);
    return found ? found->id : "none";
  };
  CHECK(id_of_same([](auto&) {}) == young.id);
  CHECK(id_of_same([](auto& wanted) { wanted.sha256 = std::string(64, 'c'); }) == "none");
  CHECK(id_of_same([](auto& wanted) { wanted.filename = "x"; }) == "none");
  CHECK(id_of_same([](auto& wanted) { wanted.columns_json = R"(["article"])"; }) == "none");
  CHECK(id_of_same([](auto& wanted) { wanted.run_id = "job"; }) == old.id);
  CHECK(id_of_same([](auto& wanted) { wanted.run_id = "a job that made none"; }) == "none");
}

TEST_CASE_FIXTURE(DatasetRepositoryFixture, "a row that lumi cannot have written is damage") {
  datasets.insert(dataset_record(1));
  lumi::store::Query(*database, "UPDATE datasets SET filename = CAST(x'ff41' AS TEXT)").run();
  CHECK(lumi::test::code_of([&] { datasets.list({}); }) == ErrorCode::storage);
}
