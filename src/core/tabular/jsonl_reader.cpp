#include "core/tabular/jsonl_reader.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace lumi::tabular {

namespace {

constexpr std::string_view k_space = " \t\r";

}  // namespace

JsonlReader::JsonlReader(ByteSource& source, const ReadOptions& options, ProblemSink* problems)
    : input_(source, options, LineEnds::lf, problems), scanner_(options.max_columns), columns_(input_) {
  is_over_ = !input_.is_usable();
  if (is_over_) {
    return;
  }
  if (!read_object()) {
    if (number_ == 0) {
      input_.report(0, {.message = "the file is empty", .hint = "write one JSON object a line"});
    }
    is_over_ = true;
    return;
  }
  is_header_row_ = columns_.take_from(scanner_.members(), object_);
  is_over_ = !is_header_row_;
}

bool JsonlReader::next(Row& row) {
  while (!is_over_ && (is_header_row_ || read_object())) {
    is_header_row_ = false;
    row.number = number_;
    row.line = input_.line();
    if (columns_.fill(row, scanner_.members())) {
      return true;
    }
  }
  is_over_ = true;
  return false;
}

/// Reads the next line that holds an object; what else a line holds is reported.
bool JsonlReader::read_object() {
  while (!is_over_ && find_line()) {
    ++number_;
    if (scan_line()) {
      return true;
    }
    is_over_ = columns_.names().empty();
  }
  return false;
}

/// Puts the next line that is not blank at the start of the window.
bool JsonlReader::find_line() {
  auto& window = input_.window();
  for (;;) {
    input_.drop_lines(line_size_, line_size_ > 0 ? 1 : 0);
    line_size_ = 0;
    const auto bytes = window.bytes();
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos && !window.is_last()) {
      if (bytes.size() <= input_.options().max_row_bytes + k_character_margin) {
        window.grow();
        continue;
      }
    } else if (bytes.empty()) {
      return false;
    }
    line_ = bytes.substr(0, end);
    line_size_ = std::min(line_.size() + 1, bytes.size());
    if (line_.find_first_not_of(k_space) != std::string_view::npos) {
      return true;
    }
  }
}

bool JsonlReader::scan_line() {
  const auto max_size = input_.options().max_row_bytes;
  if (line_.size() > max_size) {
    if (!input_.report_not_text(max_size)) {
      input_.report(0, {.code = ErrorCode::too_large, .message = "an object is longer than " + human_size(max_size)});
    }
    input_.drop_line(0);
    line_size_ = 0;
    return false;
  }
  const char* const line_end = line_.data() + line_.size();
  object_ = line_.data() + line_.find_first_not_of(k_space);
  if (scanner_.scan(object_, line_end, true) == JsonOutcome::malformed) {
    const auto at = offset_of(scanner_.problem_at());
    if (!input_.report_not_text(std::min(at + 1, line_.size()))) {
      input_.report(at, {.code = scanner_.problem_code(), .message = scanner_.problem(), .hint = hint()});
    }
    return false;
  }
  if (input_.report_not_text(line_.size())) {
    return false;
  }
  const auto rest = line_.find_first_not_of(k_space, offset_of(scanner_.end()));
  if (rest != std::string_view::npos) {
    input_.report(rest, {.message = "text after the object", .hint = "write one JSON object a line"});
    return false;
  }
  return true;
}

std::string JsonlReader::hint() const {
  if (number_ > 1) {
    return "";
  }
  return *object_ == '[' ? "a file that is one JSON array of objects has to be called .json"
                         : "JSON Lines have a whole object on each line";
}

}  // namespace lumi::tabular
