#pragma once
#include <cstdio>
#include <exception>
#include <functional>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace lumi::test {

/// Starts a child process that runs `work` and exits 0, or 1 with the error on stderr. Returns its pid.
inline pid_t start_process(const std::function<void()>& work) {
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid != 0) {
    return pid;
  }
  try {
    work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child process: %s\n", error.what());
    _exit(1);
  }
  _exit(0);
}

/// Waits for a child and returns its exit code, or minus the signal that ended it.
inline int wait_for_process(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// Runs `work(0)` ... `work(count - 1)` in as many processes at once and returns how many did not exit 0.
inline int count_failures(int count, const std::function<void(int)>& work) {
  std::vector<pid_t> pids;
  for (int i = 0; i < count; ++i) {
    pids.push_back(start_process([&work, i] { work(i); }));
  }
  int failures = 0;
  for (const auto pid : pids) {
    failures += wait_for_process(pid) == 0 ? 0 : 1;
  }
  return failures;
}

/// The exit code of a child that runs `work` as the user nobody if this process is root: root may do everything.
inline int run_unprivileged(const std::function<void()>& work) {
  return wait_for_process(start_process([&work] {
    if (geteuid() == 0) {
      constexpr unsigned k_nobody = 65534;
      if (setgid(k_nobody) != 0 || setuid(k_nobody) != 0) {
        _exit(2);
      }
    }
    work();
  }));
}

}  // namespace lumi::test
