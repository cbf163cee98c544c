#include "store/job_lock.hpp"
#include "store/job_watch.hpp"
#include "support/processes.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <fstream>
#include <functional>

#include <unistd.h>

using lumi::store::Home;
using lumi::store::JobLock;
using lumi::store::JobWatch;
using std::chrono::milliseconds;

namespace {

milliseconds time_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
}

/// A watch that has seen nothing for so long that only an event ends its waiting soon.
void wear_out(JobWatch& watch) {
  for (int i = 0; i < 8; ++i) {
    watch.wait(milliseconds(10'000));
  }
}

}  // namespace

TEST_CASE("watching wakes up for a line of the log, also of a log that was made later") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  lumi::make_private_folder(home.job_folder("1"));
  JobWatch watch(home, {"1"});
  wear_out(watch);
  const auto pid = lumi::test::start_process([&] {
    std::ofstream log(home.job_folder("1") / "job.log");
    ::usleep(1'500'000);
    log << "a line" << std::endl;
    ::pause();
  });
  CHECK(time_of([&] { watch.wait(milliseconds(10'000)); }) < milliseconds(900));
  for (int i = 0; i < 6; ++i) {  // 10 + 20 + ... + 320 ms
    watch.wait(milliseconds(10'000));
  }
  CHECK(time_of([&] { watch.wait(milliseconds(10'000)); }) > milliseconds(300));
  CHECK(time_of([&] { watch.wait(milliseconds(10'000)); }) < milliseconds(900));
  ::kill(pid, SIGKILL);
  lumi::test::wait_for_process(pid);
}

TEST_CASE("watching wakes up when the process that holds the lock is killed") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  lumi::make_private_folder(home.job_folder("1"));
  const auto pid = lumi::test::start_process([&] {
    const auto lock = JobLock::try_acquire(home, "1", lumi::SystemClock());
    ::pause();
  });
  while (!JobLock::is_held(home, "1")) {
    ::usleep(1000);
  }
  JobWatch watch(home, {"0", "1"});
  wear_out(watch);
  ::kill(pid, SIGKILL);
  const auto waited = time_of([&] {
    while (JobLock::is_held(home, "1")) {
      watch.wait(milliseconds(10'000));
    }
  });
  CHECK(waited < milliseconds(900));
  lumi::test::wait_for_process(pid);
}

TEST_CASE("waiting takes no longer than asked, and no processor time") {
  const lumi::test::TempDir folder;
  JobWatch watch(Home(folder.path()), {"1"});
  const auto before = std::clock();
  CHECK(time_of([&] { watch.wait(milliseconds(0)); }) < milliseconds(9));
  CHECK(time_of([&] { wear_out(watch); }) >= milliseconds(1000));
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 20);
}
