#include "base/background.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lumi {

namespace {

// Their numbers: what goes there is the work's business.
constexpr int k_standard_input = 0;
constexpr int k_standard_output = 1;
constexpr int k_standard_error = 2;

void close_from_to(unsigned first, unsigned last) {
  if (first > last || ::syscall(SYS_close_range, first, last, 0) == 0) {
    return;
  }
  const auto most = static_cast<unsigned>(std::max(0L, ::sysconf(_SC_OPEN_MAX)));
  for (unsigned fd = first; fd <= std::min(last, most); ++fd) {
    ::close(static_cast<int>(fd));
  }
}

/// Closes all but the standard streams and those that are kept.
void close_others(std::vector<int> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned next = k_standard_error + 1;
  for (const int fd : kept) {
    close_from_to(next, static_cast<unsigned>(fd) - 1);
    next = static_cast<unsigned>(fd) + 1;
  }
  close_from_to(next, ~0U);
}

void redirect(int from, int to) {
  if (::dup2(from, to) < 0) {
    throw system_error(errno, "cannot redirect the output");
  }
}

// The kernel sends the signal when the thread that forked ends; a caller that ended before is noticed here.
void die_with(pid_t caller) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != caller) {
    ::_exit(1);
  }
}

/// In the new process: lets go of everything that belongs to the caller.
void leave_caller(const BackgroundStart& start, const UniqueFd& sign) {
  ::setsid();
  {
    const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    redirect(nothing.get(), k_standard_input);
  }
  redirect(start.output.get(), k_standard_output);
  redirect(start.output.get(), k_standard_error);
  auto kept = start.kept;
  kept.push_back(sign.get());
  close_others(std::move(kept));
}

[[noreturn]] void run_child(const BackgroundStart& start,
                            const UniqueFd& sign,
                            const std::function<void()>& begin,
                            const std::function<int()>& work) {
  int code = 1;
  try {
    leave_caller(start, sign);
    begin();
    constexpr char k_begun = 1;
    if (::write(sign.get(), &k_begun, 1) == 1) {
      ::close(sign.get());
      code = work();
    }
  } catch (const std::exception& error) {
    log_warn(error.what());
  }
  std::fflush(nullptr);
  ::_exit(code);  // what the caller has open is not this process's to tidy up
}

}  // namespace

pid_t run_in_background(const BackgroundStart& start,
                        const std::function<void()>& begin,
                        const std::function<int()>& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw system_error(errno, "cannot start a process");
  }
  UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  std::fflush(nullptr);
  const pid_t caller = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    throw system_error(errno, "cannot start a process");
  }
  if (pid == 0) {
    if (start.lifetime == Lifetime::of_the_caller) {
      die_with(caller);
    }
    run_child(start, writing, begin, work);
  }
  writing.reset();
  char sign = 0;
  ssize_t count = 0;
  do {
    count = ::read(reading.get(), &sign, 1);
  } while (count < 0 && errno == EINTR);
  if (count != 1) {
    ::waitpid(pid, nullptr, 0);
    throw Error(ErrorCode::failure, "the process in the background ended at once");
  }
  return pid;
}

}  // namespace lumi
