#pragma once
#include "core/tabular/input_window.hpp"
#include "core/tabular/problem.hpp"
#include "core/tabular/row_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::tabular {

/// What ends a line: LF, CR and CR LF, or LF only.
enum class LineEnds { any, lf };

/// A place in a file.
struct TextPosition {
  std::uint64_t line = 1;
  std::uint64_t column = 1;
};

/// The text of a file as the readers see it: a window that knows its place in lines and columns, and that refuses what
/// is not text. Problems go to a sink; without one they are thrown.
class TextInput {
public:
  /// Looks at the start of `source`: drops a byte order mark, and reports an empty file and what is not UTF-8 text.
  TextInput(ByteSource& source, const ReadOptions& options, LineEnds line_ends, ProblemSink* problems);

  /// Whether the start of the file looked like text.
  bool is_usable() const { return is_usable_; }

  const ReadOptions& options() const { return options_; }
  const std::vector<std::string>& notes() const { return notes_; }

  /// Adds a note; after the first hundred they are only counted.
  void add_note(std::string note);

  InputWindow& window() { return window_; }

  /// The line on which the window starts.
  std::uint64_t line() const { return start_.line; }

  /// The line and column of the byte at `at` of the window.
  TextPosition locate(std::size_t at);

  /// Drops `count` bytes that end with a line end and hold `line_breaks` line ends.
  void drop_lines(std::size_t count, std::uint64_t line_breaks);

  /// Drops `count` bytes.
  void drop(std::size_t count) { drop_to(count, locate(count)); }

  /// Drops `count` bytes (which may have been changed since); `position` is where the next one is.
  void drop_to(std::size_t count, TextPosition position);

  /// Drops everything up to and with the next line end at or behind `from`.
  void drop_line(std::size_t from);

  /// Reports `problem` with the line and column of the byte at `at` of the window.
  void report(std::size_t at, Problem problem);

  /// Reports a NUL or ill-formed UTF-8 in the first `count` bytes, if there is one; `field` is the column's name.
  bool report_not_text(std::size_t count, std::string_view field = {});

private:
  void look_at_start();
  void refuse(std::string message, std::string hint);

  ReadOptions options_;
  LineEnds line_ends_;
  ThrowingSink thrower_;
  ProblemSink* problems_;
  InputWindow window_;
  TextPosition start_;
  std::vector<std::string> notes_;
  std::uint64_t further_notes_ = 0;
  bool is_usable_ = true;
};

}  // namespace lumi::tabular
