#include "base/file.hpp"
#include "core/services/salvage.hpp"
#include "store/database_check.hpp"
#include "store/query.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "support/errors.hpp"
#include "support/processes.hpp"
#include "support/scale.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

using lumi::ErrorCode;
using lumi::services::salvage;
using lumi::test::code_of;
using lumi::test::plant;
using lumi::test::ServiceHome;
namespace fs = std::filesystem;

namespace {

struct SalvageFixture : ServiceHome {
  fs::path target = folder / "saved";

  /// Closes the database and returns the bytes of its file.
  std::string database_bytes() {
    databases.~DatabaseProvider();
    new (&databases) lumi::store::DatabaseProvider(home);
    return lumi::read_file(home.database_path());
  }
};

}  // namespace

TEST_CASE_FIXTURE(SalvageFixture, "a home whose database cannot be opened is rescued row by row") {
  std::vector<lumi::store::DatasetRecord> made;
  for (int i = 0; i < 30; ++i) {
    made.push_back(add_dataset("file \xC3\xA4 " + std::to_string(i) + ".csv"));
  }
  auto job = lumi::test::job_record(1);
  job.status = "failed";
  job.config_json = "{\"long\":\"" + std::string(30'000, 'x') + "\"}";  // over several pages
  lumi::store::JobRepository(databases.get()).insert(job);
  plant(home.job_folder(job.id) / "job.log", "log");
  auto bytes = database_bytes();
  SUBCASE("nothing is damaged") {}
  SUBCASE("the header") { bytes.replace(0, 100, std::string(100, '\xff')); }
  SUBCASE("the schema") { bytes.replace(100, 3900, std::string(3900, '\0')); }
  plant(home.database_path(), bytes);

  const auto report = salvage(home, target);
  CHECK(report.datasets == 30);
  CHECK(report.jobs == 1);
  CHECK(report.objects == 30);
  CHECK(report.rebuilt_datasets == 0);
  for (const auto& loss : report.losses) {
    MESSAGE(loss);
  }
  CHECK(report.losses.empty());
  CHECK(lumi::read_file(home.database_path()) == bytes);

  const lumi::store::Home saved(target);
  const auto database = lumi::store::Database::find(saved);
  CHECK(lumi::store::check_database(*database).empty());
  lumi::store::DatasetRepository datasets_saved(*database);
  for (const auto& dataset : made) {
    const auto found = datasets_saved.find(dataset.id);
    REQUIRE(found.has_value());
    CHECK(found->filename == dataset.filename);
    CHECK(found->sha256 == dataset.sha256);
    CHECK(found->created_at == dataset.created_at);
    CHECK(lumi::read_file(saved.objects_folder() / dataset.object_key) == object_text(dataset.object_key));
  }
  CHECK(lumi::store::JobRepository(*database).find(job.id)->config_json == job.config_json);
  CHECK(lumi::read_file(saved.job_folder(job.id) / "job.log") == "log");
}

TEST_CASE_FIXTURE(SalvageFixture, "rows that are only in the write-ahead log are rescued") {
  add_dataset();
  database_bytes();
  const auto pid = lumi::test::start_process([&] {
    lumi::store::DatabaseProvider own(home);
    for (int i = 0; i < 5; ++i) {
      lumi::store::DatasetRepository(own.get()).insert(lumi::test::dataset_record(i));
    }
    ::raise(SIGKILL);
  });
  lumi::test::wait_for_process(pid);
  REQUIRE(fs::file_size(home.database_path().string() + "-wal") > 0);
  const auto report = salvage(home, target);
  CHECK(report.datasets == 1);
  CHECK(report.losses.size() == 5);  // their files are not there
}

TEST_CASE_FIXTURE(SalvageFixture, "datasets whose rows are lost are made again from their files") {
  const auto dataset = add_dataset("deep/file.csv", "examples,ground_truth\nx,y\n\"a\nb\",\n");
  const auto job = add_job();
  const auto size = database_bytes().size();
  plant(home.database_path(), std::string(size, '\0'));
  const auto report = salvage(home, target);
  CHECK(report.datasets == 0);
  CHECK(report.rebuilt_datasets == 1);
  CHECK(report.objects == 2);
  CHECK(report.losses.size() == 2);
  const lumi::store::Home saved(target);
  const auto found = lumi::store::DatasetRepository(*lumi::store::Database::find(saved)).find(dataset.id);
  REQUIRE(found.has_value());
  CHECK(found->filename == "deep/file.csv");
  CHECK(found->rows == 2);
  CHECK_FALSE(found->ground_truth);
  CHECK(found->object_sha256 == dataset.object_sha256);
  CHECK(fs::exists(target / "unowned" / *job.result_key));
}

TEST_CASE_FIXTURE(SalvageFixture, "rows without their file, and references that are lost, are told") {
  const auto dataset = add_dataset();
  const auto kept = add_dataset();
  auto job = lumi::test::job_record(1);
  lumi::store::Query(databases.get(), "INSERT INTO experiments VALUES (?, 'e', '', 'd', '{}', 1, NULL)")
      .bind(std::string(32, 'e'))
      .run();
  job.experiment_id = std::string(32, 'e');
  lumi::store::JobRepository(databases.get()).insert(job);
  auto bytes = database_bytes();
  // The experiment's row is no row any more.
  const auto at = bytes.find(std::string(32, 'e') + "ed{}");
  REQUIRE(at != std::string::npos);
  bytes[at] = 'x';
  plant(home.database_path(), bytes);
  fs::remove(object_path(dataset.object_key));
  const auto report = salvage(home, target);
  CHECK(report.datasets == 1);
  CHECK(report.jobs == 1);
  CHECK(report.experiments == 0);
  REQUIRE(report.losses.size() == 1);
  CHECK(report.losses[0].find(dataset.id) != std::string::npos);
  const auto database = lumi::store::Database::find(lumi::store::Home(target));
  CHECK(lumi::store::DatasetRepository(*database).find(kept.id).has_value());
  CHECK_FALSE(lumi::store::JobRepository(*database).find(job.id)->experiment_id.has_value());
  CHECK(lumi::store::check_database(*database).empty());
}

TEST_CASE_FIXTURE(SalvageFixture, "nothing is rescued into a folder that holds something, or from nowhere") {
  add_dataset();
  plant(target / "mine.txt");
  CHECK(code_of([&] { salvage(home, target); }) == ErrorCode::conflict);
  CHECK(code_of([&] { salvage(home, target / "mine.txt"); }) == ErrorCode::conflict);
  CHECK(std::distance(fs::directory_iterator(target), fs::directory_iterator()) == 1);
  CHECK(code_of([&] { salvage(lumi::store::Home(folder / "nowhere"), folder / "x"); }) == ErrorCode::not_found);
}

TEST_CASE_FIXTURE(SalvageFixture, "salvage survives any damage") {
  for (int i = 0; i < 20; ++i) {
    add_dataset("f" + std::to_string(i) + ".csv");
  }
  auto job = lumi::test::job_record(1);
  job.config_json = "{\"long\":\"" + std::string(20'000, 'x') + "\"}";
  lumi::store::JobRepository(databases.get()).insert(job);
  const auto whole = database_bytes();
  fs::remove_all(home.objects_folder());
  std::mt19937_64 random(7);
  for (int round = 0; round < lumi::test::loops(30, 1000); ++round) {
    auto damaged = whole.substr(0, round % 3 == 0 ? random() % whole.size() : whole.size());
    for (int i = 0; i < 200 && !damaged.empty(); ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random() & 0xFF);
    }
    plant(home.database_path(), damaged);
    const auto saved = target / std::to_string(round);
    CHECK_NOTHROW(salvage(home, saved));
    const auto database = lumi::store::Database::find(lumi::store::Home(saved));
    CHECK(lumi::store::check_database(*database).empty());
    fs::remove_all(saved);
  }
}
