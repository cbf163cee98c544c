#include "base/file.hpp"
#include "core/services/doctor.hpp"
#include "store/query.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "support/errors.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using lumi::ErrorCode;
using lumi::services::DoctorService;
using lumi::services::Finding;
using lumi::services::FindingStatus;
using lumi::services::worst_status;
using lumi::test::code_of;
using lumi::test::plant;
using lumi::test::ServiceHome;
namespace fs = std::filesystem;

namespace {

struct DoctorFixture : ServiceHome {
  DoctorService doctor{{databases, objects, clock, ids}};

  std::vector<Finding> examine(double read_data = 0) { return doctor.examine({.read_data = read_data}); }

  /// Runs a statement as no command of lumi would.
  void tamper(const std::string& sql) { lumi::store::Query(databases.get(), sql).run(); }

  /// Looks at the home anew, as another process would.
  std::vector<Finding> examine_anew(double read_data = 0) {
    lumi::store::DatabaseProvider fresh(home);
    return DoctorService({fresh, objects, clock, ids}).examine({.read_data = read_data});
  }
};

/// The findings of a check that are not ok, in one text.
std::string said(const std::vector<Finding>& findings, const std::string& check, FindingStatus status) {
  std::string text;
  for (const auto& finding : findings) {
    if (finding.check == check && finding.status == status) {
      text += finding.message + " [" + finding.hint + "]\n";
    }
  }
  return text;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("no home at all is in order, and none is made") {
  DoctorFixture empty;
  CHECK(worst_status(empty.examine()) == FindingStatus::ok);
  CHECK_FALSE(fs::exists(empty.home.path()));
}

TEST_CASE_FIXTURE(DoctorFixture, "a healthy home has one finding of each check, all of them ok") {
  add_dataset();
  add_job();
  const auto findings = examine(1);
  CHECK(worst_status(findings) == FindingStatus::ok);
  std::vector<std::string> checks;
  for (const auto& finding : findings) {
    CAPTURE(finding.message);
    CHECK(finding.hint.empty());
    checks.push_back(finding.check);
  }
  CHECK(checks ==
        std::vector<std::string>{
            "version", "network", "home", "disk", "database", "integrity", "objects", "garbage", "jobs", "clock"});
  CHECK(holds(said(findings, "objects", FindingStatus::ok), "2 objects in place, 2 compared with their hash"));
}

TEST_CASE_FIXTURE(DoctorFixture, "objects that are missing, cut or changed are damage") {
  const auto dataset = add_dataset();
  const auto job = add_job();
  const auto content = object_text(dataset.object_key);
  fs::remove(object_path(dataset.object_key));
  auto text = said(examine(), "objects", FindingStatus::damage);
  CHECK(holds(text, dataset.id));
  CHECK(holds(text, "is missing"));
  CHECK(holds(text, "lumi dataset delete " + dataset.id));
  plant(object_path(dataset.object_key), content.substr(1));
  CHECK(holds(said(examine(), "objects", FindingStatus::damage), "bytes instead of"));
  auto changed = content;
  changed[content.size() - 3] ^= 1;
  plant(object_path(dataset.object_key), changed);
  CHECK(worst_status(examine()) == FindingStatus::ok);
  CHECK(holds(said(examine(1), "objects", FindingStatus::damage), "is not what was stored"));
  plant(object_path(dataset.object_key), content);
  plant(object_path(*job.result_key), "{}");
  CHECK(holds(said(examine(1), "objects", FindingStatus::damage), "job " + job.id));
}

TEST_CASE_FIXTURE(DoctorFixture, "a share of the objects is read if that is asked for") {
  for (int i = 0; i < 40; ++i) {
    add_dataset("f" + std::to_string(i) + ".csv");
  }
  const auto text = said(examine(0.5), "objects", FindingStatus::ok);
  CHECK(holds(text, "compared with their hash"));
  CHECK_FALSE(holds(text, " 40 compared"));
}

TEST_CASE_FIXTURE(DoctorFixture, "what nothing names is a warning") {
  add_dataset();
  plant(object_path("datasets/orphan/x/dataset.csv"));
  plant(object_path("datasets/y/.lumi-0.part"));
  plant(home.job_folder(ids.uuid()) / "job.log");
  lumi::store::GarbageRepository(databases.get()).insert({"file:", "datasets/old/x", clock.now(), 3, "busy"});
  const auto findings = examine();
  CHECK(worst_status(findings) == FindingStatus::warning);
  const auto text = said(findings, "garbage", FindingStatus::warning);
  CHECK(holds(text, "datasets/orphan/x/dataset.csv"));
  CHECK(holds(text, ".lumi-0.part"));
  CHECK(holds(text, "datasets/old/x"));
  CHECK(holds(text, "jobs/"));
  CHECK(holds(text, "lumi gc"));
  CHECK(fs::exists(object_path("datasets/orphan/x/dataset.csv")));
}

TEST_CASE_FIXTURE(DoctorFixture, "many findings of a kind are cut short") {
  add_dataset();
  for (int i = 0; i < 50; ++i) {
    plant(object_path("datasets/orphan/" + std::to_string(i)));
  }
  const auto text = said(examine(), "garbage", FindingStatus::warning);
  CHECK(std::count(text.begin(), text.end(), '\n') == 20);
  CHECK(holds(text, "(and more)"));
}

TEST_CASE_FIXTURE(DoctorFixture, "a home that others may read is a warning, and repaired") {
  add_dataset();
  fs::permissions(home.path(), fs::perms(0755));
  fs::permissions(home.database_path(), fs::perms(0644));
  const auto text = said(examine(), "home", FindingStatus::warning);
  CHECK(holds(text, home.path().string() + "\" (mode 0755)"));
  CHECK(holds(text, "lumi.db\" (mode 0644)"));
  const auto findings = doctor.repair({});
  CHECK(worst_status(findings) == FindingStatus::ok);
  CHECK(std::count_if(findings.begin(), findings.end(), [](const Finding& finding) { return finding.is_repaired; }) ==
        2);
  CHECK((fs::status(home.path()).permissions() & fs::perms(0777)) == fs::perms(0700));
  CHECK((fs::status(home.database_path()).permissions() & fs::perms(0777)) == fs::perms(0600));
  CHECK(worst_status(examine()) == FindingStatus::ok);
}

TEST_CASE_FIXTURE(DoctorFixture, "a damaged database is damage, and stays as it is") {
  add_dataset();
  std::string whole;
  {
    databases.~DatabaseProvider();
    new (&databases) lumi::store::DatabaseProvider(home);
    whole = lumi::read_file(home.database_path());
  }
  std::string damaged;
  SUBCASE("empty") {}
  SUBCASE("no database") { damaged = std::string(20'000, 'x'); }
  SUBCASE("cut") { damaged = whole.substr(0, 4096); }
  SUBCASE("overwritten") { damaged = whole.substr(0, 5000) + std::string(3000, '\xff') + whole.substr(8000); }
  plant(home.database_path(), damaged);
  const auto findings = examine_anew();
  CHECK(worst_status(findings) == FindingStatus::damage);
  std::string all;
  for (const auto& finding : findings) {
    all += finding.message + finding.hint;
  }
  CHECK(holds(all, home.database_path().string()));
  CHECK(holds(all, "--salvage"));
  CHECK(lumi::read_file(home.database_path()) == damaged);
}

TEST_CASE_FIXTURE(DoctorFixture, "a database that is gone while objects are there is damage") {
  plant(object_path("datasets/x/y/dataset.csv"));
  CHECK(holds(said(examine(), "database", FindingStatus::damage), "there are objects"));
}

TEST_CASE_FIXTURE(DoctorFixture, "a newer schema is not called broken") {
  add_dataset();
  tamper("PRAGMA user_version = 1000");
  const auto text = said(examine_anew(), "database", FindingStatus::damage);
  CHECK(holds(text, "1000"));
  CHECK(holds(text, "newer lumi"));
  CHECK(holds(text, "[upgrade lumi"));
}

TEST_CASE_FIXTURE(DoctorFixture, "a row that refers to nothing is damage") {
  add_job();
  tamper("PRAGMA foreign_keys = OFF");
  tamper("UPDATE jobs SET experiment_id = 'gone'");
  CHECK(holds(said(examine(), "integrity", FindingStatus::damage), "refers to a row of experiments"));
}

TEST_CASE_FIXTURE(DoctorFixture, "an index that differs from its table is damage, and repaired") {
  for (int i = 0; i < 10; ++i) {
    add_dataset("f" + std::to_string(i) + ".csv");
  }
  databases.~DatabaseProvider();
  new (&databases) lumi::store::DatabaseProvider(home);
  auto content = lumi::read_file(home.database_path());
  // The first file name in an index page (type 10): the table keeps the true one.
  bool is_planted = false;
  for (std::size_t page = 4096; page < content.size() && !is_planted; page += 4096) {
    const auto at = content.find("f3.csv", page);
    if (content[page] == 10 && at != std::string::npos && at < page + 4096) {
      content[at] = 'g';
      is_planted = true;
    }
  }
  REQUIRE(is_planted);
  plant(home.database_path(), content);
  CHECK(holds(said(examine_anew(), "integrity", FindingStatus::damage), "index"));
  const auto findings = doctor.repair({});
  CHECK(worst_status(findings) == FindingStatus::ok);
  CHECK(worst_status(examine_anew()) == FindingStatus::ok);
  CHECK(datasets.list({}).total == 10);
  CHECK(fs::exists(home.database_path().string() + ".before-repair"));
}

TEST_CASE_FIXTURE(DoctorFixture, "jobs without a process are a warning, and repaired") {
  auto job = lumi::test::job_record(1);
  job.status = "running";
  lumi::store::JobRepository(databases.get()).insert(job);
  CHECK(holds(said(examine(), "jobs", FindingStatus::warning), job.id));
  CHECK(worst_status(doctor.repair({})) == FindingStatus::ok);
  CHECK(lumi::store::JobRepository(databases.get()).find(job.id)->status == "failed");
}

TEST_CASE_FIXTURE(DoctorFixture, "repair leaves what is too young to be garbage, and takes the rest") {
  add_dataset();
  plant(object_path("datasets/orphan/x/dataset.csv"));
  CHECK(worst_status(doctor.repair({})) == FindingStatus::warning);
  CHECK(fs::exists(object_path("datasets/orphan/x/dataset.csv")));
  clock.advance_hours(25);
  CHECK(worst_status(doctor.repair({})) == FindingStatus::ok);
  CHECK_FALSE(fs::exists(object_path("datasets/orphan")));
}

TEST_CASE_FIXTURE(DoctorFixture, "something from the future is a warning") {
  clock.advance_hours(100);
  add_dataset();
  clock.advance_hours(-100);
  CHECK(holds(said(examine(), "clock", FindingStatus::warning), "future"));
}
