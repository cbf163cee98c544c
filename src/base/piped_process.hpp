#pragma once
#include "base/file.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace lumi {

/// How a program is started.
struct ProgramStart {
  std::vector<std::string> arguments;    ///< the program first; looked for in PATH if it has no slash
  std::vector<std::string> environment;  ///< NAME=VALUE each: all that the program gets
};

/// A program that this process talks to through its standard streams. It runs in a session of its own, so that what the
/// terminal sends reaches this process only, and the kernel ends it when the thread that started it ends, however that
/// happens. Destroying it kills what still runs.
class PipedProcess {
public:
  /// Throws `not_found` if there is no such program, else system_error.
  explicit PipedProcess(const ProgramStart& start);
  ~PipedProcess();
  PipedProcess(const PipedProcess&) = delete;
  PipedProcess& operator=(const PipedProcess&) = delete;

  /// Writes to its standard input what fits there now, and returns how much: 0 if nothing does, nothing if it reads no
  /// more.
  std::optional<std::size_t> write(std::string_view bytes);

  /// The ends of its standard input, output and error; reads never wait.
  int input() const { return input_.get(); }
  int output() const { return output_.get(); }
  int errors() const { return errors_.get(); }

  void close_input() { input_.reset(); }

  /// Whether it has ended.
  bool has_ended();

  /// Waits until it has ended, for `limit` at most; whether it has.
  bool wait(std::chrono::milliseconds limit);

  /// Sends a signal to it and all that it has started.
  void send(int signal_number);

  /// How it ended: "with exit code 1", "by signal 9 (Killed)"; empty while it runs.
  std::string end_text() const;

private:
  pid_t pid_ = -1;
  UniqueFd input_;
  UniqueFd output_;
  UniqueFd errors_;
  std::optional<int> status_;  // waitpid's
};

}  // namespace lumi
