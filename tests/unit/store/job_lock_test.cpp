#include "store/job_lock.hpp"
#include "store/orphans.hpp"
#include "store/repositories/job_repository.hpp"
#include "support/processes.hpp"
#include "support/records.hpp"
#include "support/scale.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include <unistd.h>

using lumi::SystemClock;
using lumi::store::DatabaseProvider;
using lumi::store::Home;
using lumi::store::JobLock;
using lumi::store::JobRepository;
namespace fs = std::filesystem;

namespace {

/// Waits until a child that was told to do something has done it.
void wait_for_file(const fs::path& path) {
  for (int i = 0; i < 2000 && !fs::exists(path); ++i) {
    ::usleep(5000);
  }
  REQUIRE(fs::exists(path));
}

void touch(const fs::path& path) { lumi::write_file(path, "", lumi::Overwrite::yes, lumi::Durable::no); }

}  // namespace

TEST_CASE("a job's lock is held by one process at a time and freed by its death") {
  const lumi::test::TempDir folder;
  const Home home(folder / "home");
  const SystemClock clock;
  CHECK_FALSE(JobLock::is_held(home, "1"));
  CHECK_FALSE(fs::exists(home.path()));
  CHECK_FALSE(JobLock::find_owner(home, "1").has_value());
  const auto pid = lumi::test::start_process([&] {
    const auto lock = JobLock::try_acquire(home, "1", clock);
    touch(folder / "locked");
    ::pause();
  });
  wait_for_file(folder / "locked");
  CHECK(JobLock::is_held(home, "1"));
  CHECK_FALSE(JobLock::is_held(home, "2"));
  CHECK_FALSE(JobLock::try_acquire(home, "1", clock).has_value());
  const auto owner = JobLock::find_owner(home, "1");
  REQUIRE(owner.has_value());
  CHECK(owner->process.pid == pid);
  CHECK(owner->process.host == lumi::this_process().host);
  CHECK(owner->process.boot_id == lumi::this_process().boot_id);
  CHECK(lumi::RunningProcess::find(owner->process).has_value());
  CHECK(clock.now().microseconds - owner->since.microseconds < 60'000'000);

  ::kill(pid, SIGKILL);
  lumi::test::wait_for_process(pid);
  CHECK_FALSE(JobLock::is_held(home, "1"));
  auto mine = JobLock::try_acquire(home, "1", clock);
  REQUIRE(mine.has_value());
  CHECK(JobLock::is_held(home, "1"));
  CHECK_FALSE(JobLock::try_acquire(home, "1", clock).has_value());
  CHECK(JobLock::find_owner(home, "1")->process.pid == ::getpid());
  CHECK(mine->is_in_place());
  fs::remove_all(home.job_folder("1"));
  CHECK_FALSE(mine->is_in_place());
  mine.reset();
  CHECK_FALSE(JobLock::is_held(home, "1"));
}

TEST_CASE("asking about a lock never gets in the way of taking it") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  const SystemClock clock;
  JobLock::try_acquire(home, "1", clock);
  const auto pid = lumi::test::start_process([&] {
    while (!fs::exists(folder / "stop")) {
      JobLock::is_held(home, "1");
    }
  });
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    refused += JobLock::try_acquire(home, "1", clock).has_value() ? 0 : 1;
  }
  touch(folder / "stop");
  lumi::test::wait_for_process(pid);
  CHECK(refused == 0);
}

TEST_CASE("a child shares the lock of its parent until both have let go") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  auto lock = JobLock::try_acquire(home, "1", SystemClock());
  REQUIRE(lock.has_value());
  const auto pid = lumi::test::start_process([] { ::pause(); });
  lock.reset();
  CHECK(JobLock::is_held(home, "1"));
  ::kill(pid, SIGKILL);
  lumi::test::wait_for_process(pid);
  CHECK_FALSE(JobLock::is_held(home, "1"));
}

TEST_CASE("a job whose process was killed is failed, interrupted") {
  for (int round = 0; round < lumi::test::loops(10, 500); ++round) {
    const lumi::test::TempDir folder;
    DatabaseProvider databases{Home(folder.path())};
    const SystemClock clock;
    const auto record = lumi::test::job_record(1);
    const auto pid = lumi::test::start_process([&] {
      const auto lock = JobLock::try_acquire(databases.home(), record.id, clock);
      DatabaseProvider own(databases.home());
      JobRepository jobs(own.get());
      jobs.insert(record);
      touch(folder / "ready");
      lumi::store::JobChange change;
      change.status = "running";
      jobs.change({record.id, 1, "created"}, change, clock.now());
      ::pause();
    });
    wait_for_file(folder / "ready");
    CHECK(lumi::store::reap_orphaned_jobs(databases, clock).empty());
    ::usleep(static_cast<useconds_t>(round * 500));
    ::kill(pid, SIGKILL);
    lumi::test::wait_for_process(pid);
    CHECK(lumi::store::reap_orphaned_jobs(databases, clock) == std::vector<std::string>{record.id});
    CHECK(lumi::store::reap_orphaned_jobs(databases, clock).empty());
    const auto found = JobRepository(*databases.find()).find(record.id);
    CHECK(found->status == "failed");
    CHECK(found->message == "interrupted");
    CHECK(found->end_time.has_value());
  }
}

TEST_CASE("a job that another machine runs is not reaped") {
  const lumi::test::TempDir folder;
  DatabaseProvider databases{Home(folder.path())};
  auto record = lumi::test::job_record(1);
  record.status = "running";
  record.runner = "ray";
  JobRepository(databases.get()).insert(record);
  CHECK(lumi::store::reap_orphaned_jobs(databases, SystemClock()).empty());
}

TEST_CASE("looking for orphans in no home creates none") {
  const lumi::test::TempDir folder;
  DatabaseProvider databases{Home(folder / "home")};
  CHECK(lumi::store::reap_orphaned_jobs(databases, SystemClock()).empty());
  CHECK_FALSE(fs::exists(folder / "home"));
}
