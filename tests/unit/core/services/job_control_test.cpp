#include "core/services/job_control.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "support/errors.hpp"
#include "support/processes.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include <unistd.h>

using namespace lumi::services;
using lumi::ErrorCode;
using lumi::store::DatabaseProvider;
using lumi::store::JobChange;
using lumi::store::JobLock;
using lumi::store::JobRecord;
using lumi::store::JobRepository;
using lumi::test::code_of;
using lumi::test::error_of;
using std::chrono::milliseconds;
namespace fs = std::filesystem;

namespace {

volatile sig_atomic_t was_asked = 0;

struct JobControlFixture : lumi::test::ServiceHome {
  JobControlService control{{databases, objects, clock}};

  JobRecord row(const std::string& id) { return JobRepository(databases.get()).find(id).value(); }

  JobRecord finished_job(const std::string& status = "failed") {
    auto record = lumi::test::job_record(1);
    record.status = status;
    record.driver_exit_code = 1;
    record.message = "a reason";
    JobRepository(databases.get()).insert(record);
    return record;
  }

  /// A process that works on `job` until it is told to stop, or for some milliseconds, and what it leaves then.
  pid_t start_owner(const JobRecord& job, const std::string& end = "stopped", useconds_t ms = 60'000) {
    databases.get();
    const auto pid = lumi::test::start_process([&] {
      DatabaseProvider own{home};
      std::signal(SIGTERM, [](int) { was_asked = 1; });
      const auto lock = JobLock::try_acquire(home, job.id, clock);
      JobRepository jobs(own.get());
      jobs.insert(job);
      for (useconds_t i = 0; i < ms && was_asked == 0; ++i) {
        ::usleep(1000);
      }
      JobChange change;
      change.status = end;
      jobs.change({job.id, 1, job.status}, change, clock.now());
    });
    while (!JobRepository(databases.get()).find(job.id)) {
      ::usleep(1000);
    }
    return pid;
  }
};

JobRecord running_job() {
  auto record = lumi::test::job_record(1);
  record.status = "running";
  return record;
}

}  // namespace

TEST_CASE_FIXTURE(JobControlFixture, "waiting ends with the jobs, or with the patience") {
  const auto done = finished_job();
  CHECK(control.wait({done.id}, WaitFor::all, {}).front().status == "failed");
  const auto job = running_job();
  const auto pid = start_owner(job, "succeeded", 300);
  CHECK(control.wait({job.id}, WaitFor::all, {milliseconds(0)}).front().status == "running");
  CHECK(control.wait({job.id}, WaitFor::all, {milliseconds(30)}).front().status == "running");
  CHECK(control.wait({job.id, done.id}, WaitFor::any, {}).front().status == "running");
  const auto both = control.wait({job.id, done.id}, WaitFor::all, {});
  CHECK(both[0].status == "succeeded");
  CHECK(both[1].id == done.id);
  lumi::test::wait_for_process(pid);
  CHECK(code_of([&] { control.wait({"absent"}, WaitFor::all, {}); }) == ErrorCode::not_found);
}

TEST_CASE_FIXTURE(JobControlFixture, "waiting sees a process that is killed") {
  const auto job = running_job();
  const auto pid = start_owner(job);
  const auto killer = lumi::test::start_process([&] {
    ::usleep(100'000);
    ::kill(pid, SIGKILL);
  });
  const auto ended = control.wait({job.id}, WaitFor::all, {milliseconds(60'000)}).front();
  CHECK(ended.status == "failed");
  CHECK(ended.message == "interrupted");
  lumi::test::wait_for_process(pid);
  lumi::test::wait_for_process(killer);
}

TEST_CASE_FIXTURE(JobControlFixture, "following looks until after the end") {
  const auto job = running_job();
  const auto pid = start_owner(job, "succeeded", 200);
  int looks = 0;
  std::string last;
  control.follow(job.id, [&] {
    ++looks;
    last = row(job.id).status;
  });
  CHECK(looks >= 2);
  CHECK(last == "succeeded");
  lumi::test::wait_for_process(pid);
}

TEST_CASE_FIXTURE(JobControlFixture, "stopping asks the process that holds the lock, even a suspended one") {
  for (const bool suspended : {false, true}) {
    auto job = running_job();
    const auto pid = start_owner(job);
    if (suspended) {
      ::kill(pid, SIGSTOP);
    }
    control.request_stop(job.id);
    CHECK(control.wait({job.id}, WaitFor::all, {milliseconds(60'000)}).front().status == "stopped");
    control.request_stop(job.id);
    CHECK(lumi::test::wait_for_process(pid) == 0);
  }
}

TEST_CASE_FIXTURE(JobControlFixture, "no process is asked that is not the owner") {
  const auto job = running_job();
  const auto pid = start_owner(job);
  const auto path = home.job_folder(job.id) / "lock";
  const auto text = lumi::read_file(path);
  for (const auto& other : {std::to_string(::getpid()) + text.substr(text.find(' ')),  // the number of another process
                            text.substr(0, text.rfind(' ')) + " elsewhere\n",
                            std::string("damaged")}) {
    lumi::test::plant(path, other);
    CHECK(code_of([&] { control.request_stop(job.id); }) == ErrorCode::conflict);
  }
  CHECK(row(job.id).status == "running");
  ::kill(pid, SIGKILL);
  lumi::test::wait_for_process(pid);
  control.request_stop(job.id);
  CHECK(row(job.id).status == "failed");
}

TEST_CASE_FIXTURE(JobControlFixture,
                  "a job is resumed as its next attempt, without what the last one left in the row") {
  auto job = add_job();
  {
    auto changed = row(job.id);
    changed.config_json = R"({"changed":true})";
    const auto owned = control.resume(changed);
    CHECK(owned.row.config_json == changed.config_json);
    CHECK(owned.row.attempt == 2);
    CHECK(owned.row.status == "created");
    CHECK_FALSE(owned.row.result_key.has_value());
    CHECK_FALSE(owned.row.driver_exit_code.has_value());
    CHECK(owned.row.message.empty());
    CHECK(JobLock::is_held(home, job.id));
    // The lock's owner shall be told to whoever comes later.
    const auto error = error_of([&] { control.resume(job); });
    REQUIRE(error.has_value());
    CHECK(error->code() == ErrorCode::conflict);
    CHECK(std::string(error->what()).find("process " + std::to_string(::getpid())) != std::string::npos);
  }
  CHECK(control.look_at(job.id).status == "failed");
  CHECK(code_of([&] { control.resume(job); }) == ErrorCode::conflict);
}

TEST_CASE_FIXTURE(JobControlFixture, "of many processes that resume a job at once, one gets it") {
  const auto job = finished_job();
  for (int attempt = 1; attempt <= 5; ++attempt) {
    const auto now = row(job.id);
    const auto refused = lumi::test::count_failures(8, [&](int) {
      DatabaseProvider own{home};
      JobControlService one({own, objects, clock});
      std::optional<OwnedJob> owned;
      if (code_of([&] { owned = one.resume(now); }) == ErrorCode::conflict) {
        ::_exit(1);
      }
      ::usleep(50'000);
      JobChange change;
      change.status = "failed";
      JobRepository(own.get()).change({owned->row.id, owned->row.attempt, "created"}, change, clock.now());
    });
    CHECK(refused == 7);
    CHECK(row(job.id).attempt == attempt + 1);
  }
}

TEST_CASE_FIXTURE(JobControlFixture, "a job is removed with its results and its folder; its datasets stay") {
  const auto job = add_job();
  const auto dataset = add_dataset();
  const auto removal = control.remove(job.id, Force::no);
  CHECK(removal.warnings.empty());
  CHECK_FALSE(JobRepository(databases.get()).find(job.id).has_value());
  CHECK_FALSE(fs::exists(object_path(*job.result_key)));
  CHECK_FALSE(fs::exists(home.job_folder(job.id)));
  CHECK(datasets.get(dataset.id).id == dataset.id);
  CHECK(code_of([&] { control.remove(job.id, Force::no); }) == ErrorCode::not_found);
  CHECK(lumi::store::GarbageRepository(databases.get()).count() == 0);
}

TEST_CASE_FIXTURE(JobControlFixture, "results that an earlier attempt left go, too") {
  const auto job = finished_job("succeeded");
  auto owned = std::optional(control.resume(job));
  const auto key = "jobs/results/job-1/" + job.id + "/results.json";
  const auto writer = objects.for_new().create(key);
  writer->commit();
  owned.reset();
  control.remove(job.id, Force::no);
  CHECK_FALSE(fs::exists(object_path(key)));
}

TEST_CASE_FIXTURE(JobControlFixture, "a running job is removed only by force, which stops it first") {
  const auto job = running_job();
  const auto pid = start_owner(job);
  CHECK(code_of([&] { control.remove(job.id, Force::no); }) == ErrorCode::conflict);
  CHECK(row(job.id).status == "running");
  control.remove(job.id, Force::yes);
  CHECK(lumi::test::wait_for_process(pid) == 0);
  CHECK_FALSE(JobRepository(databases.get()).find(job.id).has_value());
  CHECK_FALSE(fs::exists(home.job_folder(job.id)));
}

TEST_CASE_FIXTURE(JobControlFixture, "results that cannot be removed now are left to gc") {
  const auto job = add_job();
  lumi::store::ObjectStores away("file:", [](const std::string&) -> std::unique_ptr<lumi::store::ObjectStore> {
    throw lumi::Error(ErrorCode::unavailable, "out of reach");
  });
  const auto removal = JobControlService({databases, away, clock}).remove(job.id, Force::no);
  REQUIRE(removal.warnings.size() == 1);
  CHECK(removal.warnings[0].find("out of reach") != std::string::npos);
  CHECK(lumi::store::GarbageRepository(databases.get()).count() == 1);
}
