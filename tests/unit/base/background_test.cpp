#include "base/background.hpp"
#include "base/error.hpp"
#include "support/child_process.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;
using lumi::UniqueFd;

namespace {

UniqueFd open_for_appending(const fs::path& path) {
  return UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
}

/// The exit code of the only child, once it has ended.
int wait_for_child() {
  int status = 0;
  ::wait(&status);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int count_open_files() {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count - 1;  // the folder itself
}

}  // namespace

TEST_CASE("work in the background has a session and output of its own, and nothing else of the caller's") {
  const lumi::test::TempDir folder;
  const auto kept = open_for_appending(folder / "kept");
  const auto other = open_for_appending(folder / "other");
  const auto parent = ::getpid();
  const auto session = ::getsid(0);
  lumi::run_in_background(
      {open_for_appending(folder / "log"), {kept.get()}, lumi::Lifetime::of_its_own},
      [&] { std::printf("begun\n"); },
      [&] {
        const bool apart = ::getpid() != parent && ::getsid(0) == ::getpid() && ::getsid(0) != session;
        const bool empty_input = std::getchar() == EOF;
        const bool closed = ::fcntl(other.get(), F_GETFD) < 0;
        const bool open = ::write(kept.get(), "x", 1) == 1;
        std::fprintf(stderr, "%d open files\n", count_open_files());
        return apart && empty_input && closed && open ? 42 : 43;
      });
  CHECK(wait_for_child() == 42);
  const auto log = lumi::read_file(folder / "log");
  CHECK(log.find("begun\n") != std::string::npos);
  CHECK(log.find("4 open files\n") != std::string::npos);
  CHECK(lumi::read_file(folder / "kept") == "x");
}

TEST_CASE("a process that fails to begin is told") {
  const lumi::test::TempDir folder;
  const auto code = lumi::test::code_of([&] {
    lumi::run_in_background(
        {open_for_appending(folder / "log"), {}, lumi::Lifetime::of_its_own},
        [] { throw lumi::Error(lumi::ErrorCode::failure, "no luck"); },
        [] { return 0; });
  });
  CHECK(code == lumi::ErrorCode::failure);
  CHECK(lumi::read_file(folder / "log").find("no luck") != std::string::npos);
}

TEST_CASE("a process that belongs to its caller ends with it, even if that is killed") {
  const lumi::test::TempDir folder;
  for (const auto lifetime : {lumi::Lifetime::of_its_own, lumi::Lifetime::of_the_caller}) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    lumi::UniqueFd alive(ends[0]);  // at its end once nobody has the other end open
    lumi::UniqueFd open(ends[1]);
    lumi::test::ChildProcess caller([&] {
      lumi::run_in_background(
          {open_for_appending(folder / "log"), {open.get()}, lifetime},
          [] {},
          [] {
            ::usleep(300'000);
            return 0;
          });
      std::fputc('.', stderr);
      ::pause();
      return 0;
    });
    open.reset();
    caller.wait_for_sign();
    ::kill(caller.pid(), SIGKILL);
    const bool ends_with_it = lifetime == lumi::Lifetime::of_the_caller;
    pollfd end{alive.get(), POLLIN, 0};
    CHECK(::poll(&end, 1, ends_with_it ? 10'000 : 100) == (ends_with_it ? 1 : 0));
    caller.wait();
  }
}
