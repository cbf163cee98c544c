#include "base/piped_process.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lumi {

namespace {

constexpr int k_standard_input = 0;
constexpr int k_standard_output = 1;
constexpr int k_standard_error = 2;

struct Pipe {
  UniqueFd reading;
  UniqueFd writing;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw system_error(errno, "cannot start a process");
  }
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void never_wait(const UniqueFd& fd) { ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK); }

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const auto& text : texts) {
    pointers.push_back(const_cast<char*>(text.c_str()));  // execvpe takes them so, and changes nothing
  }
  pointers.push_back(nullptr);
  return pointers;
}

// What the new process works with: everything is ready before the fork, after which nothing may be allocated.
struct Child {
  std::array<int, 3> streams;
  int failure;
  pid_t parent;
  char** arguments;
  char** environment;
};

void close_others_on_exec() {
  constexpr unsigned k_close_on_exec = 1U << 2U;  // CLOSE_RANGE_CLOEXEC, which older headers lack
  ::syscall(SYS_close_range, static_cast<unsigned>(k_standard_error + 1), ~0U, k_close_on_exec);
}

void reset_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    std::signal(number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void run_child(const Child& child) {
  constexpr int k_failed = 127;
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != child.parent) {  // it ended before it could be watched
    ::_exit(k_failed);
  }
  reset_signals();
  for (int stream = k_standard_input; stream <= k_standard_error; ++stream) {
    ::dup2(child.streams.at(static_cast<std::size_t>(stream)), stream);
  }
  close_others_on_exec();
  ::execvpe(child.arguments[0], child.arguments, child.environment);
  const int reason = errno;
  [[maybe_unused]] const auto written = ::write(child.failure, &reason, sizeof(reason));
  ::_exit(k_failed);
}

// Why the program could not be started, or 0.
int read_failure(const UniqueFd& fd) {
  int reason = 0;
  ssize_t count = 0;
  do {
    count = ::read(fd.get(), &reason, sizeof(reason));
  } while (count < 0 && errno == EINTR);
  return count == sizeof(reason) ? reason : 0;
}

// Descriptors 0 to 2 that are closed here would be given to the pipes, and be overwritten in the child.
UniqueFd above_standard(UniqueFd fd) {
  if (fd.get() > k_standard_error) {
    return fd;
  }
  return UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, k_standard_error + 1));
}

}  // namespace

PipedProcess::PipedProcess(const ProgramStart& start) {
  Pipe input = make_pipe();
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  Pipe failure = make_pipe();
  const UniqueFd child_input = above_standard(std::move(input.reading));
  const UniqueFd child_output = above_standard(std::move(output.writing));
  const UniqueFd child_errors = above_standard(std::move(errors.writing));
  UniqueFd child_failure = above_standard(std::move(failure.writing));
  auto arguments = pointers_to(start.arguments);
  auto environment = pointers_to(start.environment);
  const Child child{{child_input.get(), child_output.get(), child_errors.get()},
                    child_failure.get(),
                    ::getpid(),
                    arguments.data(),
                    environment.data()};
  pid_ = ::fork();
  if (pid_ < 0) {
    throw system_error(errno, "cannot start a process");
  }
  if (pid_ == 0) {
    run_child(child);
  }
  child_failure.reset();
  if (const int reason = read_failure(failure.reading); reason != 0) {
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    throw system_error(reason, "cannot run " + quote(start.arguments.front()));
  }
  input_ = std::move(input.writing);
  output_ = std::move(output.reading);
  errors_ = std::move(errors.reading);
  never_wait(input_);
  never_wait(output_);
  never_wait(errors_);
}

PipedProcess::~PipedProcess() {
  if (pid_ > 0 && !has_ended()) {
    send(SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

std::optional<std::size_t> PipedProcess::write(std::string_view bytes) {
  // A reader that is gone must not end this process.
  sigset_t broken_pipe;
  sigset_t before;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
  ssize_t count = 0;
  do {
    count = ::write(input_.get(), bytes.data(), bytes.size());
  } while (count < 0 && errno == EINTR);
  const int reason = count < 0 ? errno : 0;
  if (reason == EPIPE) {
    const timespec no_time{};
    ::sigtimedwait(&broken_pipe, nullptr, &no_time);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (count >= 0) {
    return static_cast<std::size_t>(count);
  }
  return reason == EAGAIN ? std::optional<std::size_t>(0) : std::nullopt;
}

bool PipedProcess::has_ended() {
  if (!status_) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_) {
      // What it has started goes along. Until it is waited for, nobody else can have its group's number.
      ::kill(-pid_, SIGKILL);
      int status = 0;
      ::waitpid(pid_, &status, 0);
      status_ = status;
    }
  }
  return status_.has_value();
}

bool PipedProcess::wait(std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds k_longest_sleep{20};
  const auto until = std::chrono::steady_clock::now() + limit;
  for (std::chrono::milliseconds sleep{1}; !has_ended(); sleep = std::min(sleep * 2, k_longest_sleep)) {
    if (std::chrono::steady_clock::now() >= until) {
      return false;
    }
    std::this_thread::sleep_for(sleep);
  }
  return true;
}

void PipedProcess::send(int signal_number) {
  if (!has_ended()) {
    ::kill(-pid_, signal_number);
  }
}

std::string PipedProcess::end_text() const {
  if (!status_) {
    return {};
  }
  if (WIFSIGNALED(*status_)) {
    const int number = WTERMSIG(*status_);
    return "by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
  }
  return "with exit code " + std::to_string(WEXITSTATUS(*status_));
}

}  // namespace lumi
