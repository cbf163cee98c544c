#pragma once
#include "base/file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace lumi::test {

/// How a child process ended, and what it wrote to stderr.
struct ChildResult {
  int exit_code = -1;  // -1: killed by `signal`
  int signal = 0;
  std::string errors;
};

/// A forked copy of the test that runs a function and exits with its result. An exception ends it with code 99.
class ChildProcess {
public:
  template <class Work>
  explicit ChildProcess(Work work) {
    std::array<int, 2> errors{};
    std::fflush(nullptr);  // what is buffered would be written twice
    if (::pipe(errors.data()) != 0 || (pid_ = ::fork()) < 0) {
      throw std::runtime_error("cannot fork");
    }
    const UniqueFd writing(errors[1]);
    errors_.reset(errors[0]);
    if (pid_ == 0) {
      ::dup2(writing.get(), STDERR_FILENO);
      int code = 99;
      try {
        code = work();
      } catch (...) {
      }
      ::_exit(code);
    }
  }

  pid_t pid() const { return pid_; }

  /// Waits until the child has written something to stderr, so that the caller knows that it came that far.
  void wait_for_sign() {
    char sign = 0;
    if (::read(errors_.get(), &sign, 1) != 1) {
      throw std::runtime_error("the child ended early");
    }
  }

  ChildResult wait() {
    ChildResult result;
    FileSource source(std::move(errors_), "stderr of the child");
    result.errors = read_all(source);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) {
      result.exit_code = WEXITSTATUS(status);
    } else {
      result.signal = WTERMSIG(status);
    }
    return result;
  }

private:
  pid_t pid_ = -1;
  UniqueFd errors_;
};

}  // namespace lumi::test
