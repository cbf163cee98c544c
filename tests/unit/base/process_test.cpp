#include "base/process.hpp"
#include "support/processes.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include <unistd.h>

using lumi::ProcessIdentity;
using lumi::RunningProcess;
using lumi::this_process;

namespace {

/// What a child process says of itself; the child then waits for its end.
ProcessIdentity identity_of_child(pid_t& pid) {
  pid = lumi::test::start_process([] { ::pause(); });
  auto identity = this_process();
  identity.pid = pid;
  // Its start time is read as another process reads it.
  for (std::uint64_t ticks = identity.start_time; !RunningProcess::find(identity); ++ticks) {
    REQUIRE(ticks < identity.start_time + 10'000'000);
    identity.start_time = ticks;
  }
  return identity;
}

}  // namespace

TEST_CASE("a process knows itself") {
  const auto me = this_process();
  CHECK(me.pid == ::getpid());
  CHECK(me.start_time > 0);
  CHECK(me.boot_id.size() == 36);
  CHECK_FALSE(me.host.empty());
  CHECK(RunningProcess::find(me).has_value());
}

TEST_CASE("another process that has the number is not the one that is meant") {
  for (const auto change : {+[](ProcessIdentity& other) { ++other.start_time; },
                            +[](ProcessIdentity& other) { other.boot_id.back() = 'x'; },
                            +[](ProcessIdentity& other) { other.host += "x"; },
                            +[](ProcessIdentity& other) { other.pid = 0; },
                            +[](ProcessIdentity& other) { other.pid = -1; }}) {
    auto other = this_process();
    change(other);
    CHECK_FALSE(RunningProcess::find(other).has_value());
  }
}

TEST_CASE("a signal reaches the process that was found, and nobody once that has ended") {
  pid_t pid = 0;
  const auto identity = identity_of_child(pid);
  const auto process = RunningProcess::find(identity);
  REQUIRE(process.has_value());
  process->send(SIGHUP);
  CHECK(lumi::test::wait_for_process(pid) == -SIGHUP);
  process->send(SIGHUP);
  CHECK_FALSE(RunningProcess::find(identity).has_value());
}

TEST_CASE("a process that has ended but was not waited for counts as ended") {
  pid_t pid = 0;
  const auto identity = identity_of_child(pid);
  ::kill(pid, SIGKILL);
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
  CHECK_FALSE(RunningProcess::find(identity).has_value());
  lumi::test::wait_for_process(pid);
}
