#include "base/background.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>

#include <fcntl.h>
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

/// Closes all but the standard streams and two.
void close_others(int kept, int also_kept) {
  const auto low = static_cast<unsigned>(std::min(kept, also_kept));
  const auto high = static_cast<unsigned>(std::max(kept, also_kept));
  close_from_to(k_standard_error + 1, low - 1);
  close_from_to(low + 1, high - 1);
  close_from_to(high + 1, ~0U);
}

void redirect(int from, int to) {
  if (::dup2(from, to) < 0) {
    throw system_error(errno, "cannot redirect the output");
  }
}

/// In the new process: lets go of everything that belongs to the caller.
void leave_caller(const UniqueFd& output, int kept, const UniqueFd& sign) {
  ::setsid();
  {
    const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    redirect(nothing.get(), k_standard_input);
  }
  redirect(output.get(), k_standard_output);
  redirect(output.get(), k_standard_error);
  close_others(kept, sign.get());
}

[[noreturn]] void run_child(const UniqueFd& output,
                            int kept,
                            const UniqueFd& sign,
                            const std::function<void()>& begin,
                            const std::function<int()>& work) {
  int code = 1;
  try {
    leave_caller(output, kept, sign);
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

void run_in_background(UniqueFd output,
                       int kept,
                       const std::function<void()>& begin,
                       const std::function<int()>& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw system_error(errno, "cannot start a process");
  }
  UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) {
    throw system_error(errno, "cannot start a process");
  }
  if (pid == 0) {
    run_child(output, kept, writing, begin, work);
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
}

}  // namespace lumi
