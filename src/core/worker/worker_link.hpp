#pragma once
#include "base/piped_process.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::worker {

/// A worker that runs, and the lines that go to and come from it.
class WorkerLink {
public:
  /// Starts it. Lines from it may have `longest_line` bytes. Throws as PipedProcess.
  WorkerLink(const ProgramStart& program, std::size_t longest_line);

  /// Sends a line, as soon as the worker takes it.
  void send(std::string_view line);

  /// Moves bytes in all directions as they come, for `limit` at most; `wake_fd` that can be read, and a signal, end it.
  void move(std::chrono::milliseconds limit, int wake_fd);

  /// The next line from its standard output or error, if there is a whole one.
  std::optional<std::string> next_line() { return take(output_.lines); }
  std::optional<std::string> next_error_line() { return take(errors_.lines); }

  /// Whether nothing more can come from it: it has closed its output, or sent a line that is too long.
  bool is_over() const { return output_.is_closed || output_.is_overlong; }

  /// Ends it, at once where `grace` is zero and else after it was asked to; why it is over, for people.
  std::string end(std::chrono::milliseconds grace);

private:
  struct Stream {
    std::string text;  // after the last whole line
    std::deque<std::string> lines;
    bool is_closed = false;
    bool is_overlong = false;
  };

  static std::optional<std::string> take(std::deque<std::string>& lines);
  void read(int fd, Stream& stream, std::size_t longest_line) const;
  void write();
  void read_errors();
  std::string reason() const;

  PipedProcess process_;
  std::size_t longest_line_;
  std::string unsent_;
  Stream output_;
  Stream errors_;
  std::string last_error_;
};

}  // namespace lumi::worker
