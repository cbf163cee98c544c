#include "base/error.hpp"
#include "base/file.hpp"
#include "base/interrupt.hpp"
#include "support/child_process.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>

#include <unistd.h>

using namespace lumi;
using lumi::test::ChildProcess;
using lumi::test::code_of;

namespace {

void give_sign() { CHECK(::write(STDERR_FILENO, ".", 1) == 1); }

}  // namespace

TEST_CASE("nothing is pending without a signal") {
  CHECK(pending_interrupt() == 0);
  CHECK_FALSE(code_of(throw_if_interrupted));
}

TEST_CASE("the first signal is a request that work in progress sees") {
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
    ChildProcess child([=] {
      watch_for_interrupts();
      std::raise(signal_number);
      return pending_interrupt() == signal_number && code_of(throw_if_interrupted) == ErrorCode::interrupted ? 0 : 1;
    });
    CHECK(child.wait().exit_code == 0);
  }
}

TEST_CASE("the second signal ends the process at once") {
  ChildProcess child([] {
    watch_for_interrupts();
    std::raise(SIGINT);
    std::raise(SIGTERM);
    return 0;
  });
  const auto result = child.wait();
  CHECK(result.exit_code == -1);
  CHECK(result.signal == SIGTERM);
}

TEST_CASE("what is held is not broken off, and is pending again afterwards") {
  ChildProcess child([] {
    watch_for_interrupts();
    std::raise(SIGINT);
    bool held = false;
    {
      const InterruptHold hold;
      const InterruptHold inner;
      held = pending_interrupt() == 0 && !code_of(throw_if_interrupted);
    }
    return held && pending_interrupt() == SIGINT ? 0 : 1;
  });
  CHECK(child.wait().exit_code == 0);
}

TEST_CASE("signals that the caller ignores stay ignored") {
  ChildProcess child([] {
    std::signal(SIGHUP, SIG_IGN);
    watch_for_interrupts();
    std::raise(SIGHUP);
    return pending_interrupt();
  });
  CHECK(child.wait().exit_code == 0);
}

TEST_CASE("a signal ends a read that waits") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const UniqueFd writing(ends[1]);
  FileSource source{UniqueFd{ends[0]}, "pipe"};
  ChildProcess child([&] {
    watch_for_interrupts();
    give_sign();
    return code_of([&] { read_all(source); }) == ErrorCode::interrupted ? 0 : 1;
  });
  child.wait_for_sign();
  ::usleep(20'000);  // the child has to come from the sign to the read; too short only makes the test weaker
  ::kill(child.pid(), SIGINT);
  CHECK(child.wait().exit_code == 0);
}
