#include "base/error.hpp"
#include "base/piped_process.hpp"
#include "support/child_process.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>

#include <poll.h>
#include <unistd.h>

using namespace lumi;
using std::chrono::milliseconds;

namespace {

ProgramStart shell(const std::string& script) {
  return {{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin", "GIVEN=yes"}};
}

std::string read_to_end(int fd) {
  std::string text;
  std::array<char, 4096> block;
  for (;;) {
    pollfd ready{fd, POLLIN, 0};
    ::poll(&ready, 1, 10'000);
    const auto count = ::read(fd, block.data(), block.size());
    if (count <= 0) {
      return text;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

TEST_CASE("a program reads what it is sent, and its output and errors come apart") {
  PipedProcess process(shell("cat; echo to stderr >&2; exit 7"));
  CHECK(process.write("some text") == 9);
  process.close_input();
  CHECK(read_to_end(process.output()) == "some text");
  CHECK(read_to_end(process.errors()) == "to stderr\n");
  CHECK(process.wait(milliseconds(10'000)));
  CHECK(process.end_text() == "with exit code 7");
}

TEST_CASE("a program that reads nothing takes so much, and one that has ended nothing") {
  PipedProcess deaf(shell("sleep 600"));
  std::size_t taken = 0;
  const std::string block(65536, 'x');
  while (const auto count = deaf.write(block).value_or(0)) {
    taken += count;
  }
  CHECK(taken >= block.size());
  deaf.send(SIGTERM);
  CHECK(deaf.wait(milliseconds(10'000)));
  CHECK_FALSE(deaf.write("x"));
  CHECK(deaf.end_text() == "by signal 15 (Terminated)");
}

TEST_CASE("a program gets the environment that it is given and no other file") {
  ::setenv("LUMI_TEST_SECRET", "canary", 1);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);  // without O_CLOEXEC
  const UniqueFd reading(ends[0]);
  const UniqueFd writing(ends[1]);
  PipedProcess process(shell("echo $GIVEN$LUMI_TEST_SECRET; for f in /proc/self/fd/*; do echo ${f##*/}; done"));
  CHECK(read_to_end(process.output()).starts_with("yes\n0\n1\n2\n"));
  PipedProcess open_files(shell("[ ! -e /proc/self/fd/" + std::to_string(ends[0]) + " ]"));
  CHECK(open_files.wait(milliseconds(10'000)));
  CHECK(open_files.end_text() == "with exit code 0");
}

TEST_CASE("a program that is not there is not found, and its end by a signal is told") {
  CHECK(test::code_of([] { PipedProcess({{"no-such-program-of-lumi"}, {}}); }) == ErrorCode::not_found);
  PipedProcess process(shell("kill -KILL $$"));
  CHECK(process.wait(milliseconds(10'000)));
  CHECK(process.end_text() == "by signal 9 (Killed)");
}

TEST_CASE("what a program has started ends with it") {
  // The pipe is open as long as the one in the background runs.
  PipedProcess process(shell("sleep 600 & exit 0"));
  CHECK(process.wait(milliseconds(10'000)));
  CHECK(read_to_end(process.output()).empty());
  pollfd end{process.output(), POLLIN, 0};
  CHECK(::poll(&end, 1, 0) == 1);
}

TEST_CASE("a program ends when the one that started it is killed") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  test::ChildProcess owner([&] {
    // The copy of `writing` on its standard error is open as long as the program runs.
    ::dup2(writing.get(), 2);
    PipedProcess process(shell("echo started; sleep 600"));
    std::array<char, 16> block{};
    pollfd ready{process.output(), POLLIN, 0};
    ::poll(&ready, 1, 10'000);
    const auto pid = std::to_string(::read(process.output(), block.data(), block.size()));
    if (::write(writing.get(), pid.data(), 1) != 1) {
      return 1;
    }
    ::raise(SIGKILL);
    return 0;
  });
  CHECK(owner.wait().signal == SIGKILL);
  writing.reset();
  CHECK(read_to_end(reading.get()).size() == 1);
}
