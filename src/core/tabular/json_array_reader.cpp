#include "core/tabular/json_array_reader.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace lumi::tabular {

namespace {

// So many bytes more than a row may have must be in memory before it is called too large: its last character may be
// cut.

}  // namespace

JsonArrayReader::JsonArrayReader(ByteSource& source, const ReadOptions& options, ProblemSink* problems)
    : input_(source, options, LineEnds::lf, problems), scanner_(options.max_columns), columns_(input_) {
  is_over_ = !input_.is_usable();
  if (is_over_) {
    return;
  }
  open();
  if (!is_over_ && read_object()) {
    is_header_row_ = columns_.take_from(scanner_.members(), input_.window().begin());
  }
  is_over_ = !is_header_row_;
}

void JsonArrayReader::open() {
  switch (peek()) {
  case '[':
    input_.drop(1);
    return;
  case '{':
    report_here("expected an array of objects, but this is an object",
                "JSON Lines (an object a line) have to be called .jsonl; pandas writes an array with "
                "to_json(orient=\"records\")");
    break;
  case '\0':
    report_here("the file is empty");
    break;
  default:
    report_here("expected an array of objects: [{\"column\": \"text\", …}, …]");
    break;
  }
  is_over_ = true;
}

bool JsonArrayReader::next(Row& row) {
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

bool JsonArrayReader::read_object() {
  while (!is_over_ && go_to_object()) {
    ++number_;
    if (scan_object()) {
      return true;
    }
    is_over_ = is_over_ || columns_.names().empty();
  }
  return false;
}

/// Goes behind the last object to the start of the next; false at the end of the array.
bool JsonArrayReader::go_to_object() {
  if (object_size_ > 0) {
    input_.drop_to(object_size_, object_end_);
    object_size_ = 0;
  }
  char c = peek();
  if (c == ']') {
    close();
    return false;
  }
  if (number_ > 0) {
    if (c != ',') {
      stop_here("expected , or ] after an object");
      return false;
    }
    input_.drop(1);
    c = peek();
  }
  if (c != '{') {
    stop_here("expected an object: {\"column\": \"text\", …}");
    return false;
  }
  return true;
}

void JsonArrayReader::close() {
  is_over_ = true;
  if (number_ == 0) {
    report_here("the array is empty: there are no rows");
  }
  input_.drop(1);
  peek();
  if (input_.window().size() > 0) {
    report_here("text after the array");
  }
}

bool JsonArrayReader::scan_object() {
  auto& window = input_.window();
  const auto max_size = input_.options().max_row_bytes;
  const auto limit = max_size + k_character_margin;
  auto outcome = JsonOutcome::incomplete;
  std::size_t decided_at = 0;
  for (;;) {
    const char* const end = window.begin() + std::min(window.size(), limit);
    outcome = scanner_.scan(window.begin(), end, window.is_last() && end == window.end());
    const char* const at = outcome == JsonOutcome::malformed ? scanner_.problem_at() : scanner_.end();
    decided_at = static_cast<std::size_t>(at - window.begin());
    if (outcome != JsonOutcome::incomplete || window.size() > limit) {
      break;
    }
    window.grow();
  }
  if (outcome == JsonOutcome::incomplete || decided_at > max_size) {
    stop_at(max_size, {.code = ErrorCode::too_large, .message = "an object is longer than " + human_size(max_size)});
    return false;
  }
  if (outcome == JsonOutcome::malformed) {
    stop_at(decided_at, {.code = scanner_.problem_code(), .message = scanner_.problem()});
    return false;
  }
  object_size_ = decided_at;
  object_end_ = input_.locate(object_size_);
  return !input_.report_not_text(object_size_);
}

/// The next character that is not white space, at the start of the window then; NUL at the end.
char JsonArrayReader::peek() {
  auto& window = input_.window();
  for (;;) {
    const auto bytes = window.bytes();
    const auto space = std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size());
    input_.drop(space);
    // A character that is cut cannot be told from one that is ill-formed.
    if (window.is_last() || window.size() >= k_longest_character) {
      return *window.begin();
    }
    window.grow();
  }
}

/// Reports what is wrong at the start of the window.
void JsonArrayReader::report_here(std::string message, std::string hint) {
  if (!input_.report_not_text(1)) {
    input_.report(0, {.message = std::move(message), .hint = std::move(hint)});
  }
}

void JsonArrayReader::stop_here(std::string message) {
  const bool is_at_end = input_.window().size() == 0;
  stop_at(0, {.message = is_at_end ? "the array does not end" : std::move(message)});
}

/// Reports a problem at `at` behind which the next object cannot be found for certain.
void JsonArrayReader::stop_at(std::size_t at, Problem problem) {
  is_over_ = true;
  if (!input_.report_not_text(std::min(at + 1, input_.window().size()))) {
    input_.report(problem.code == ErrorCode::too_large ? 0 : at, std::move(problem));
  }
  if (at < input_.window().size()) {
    input_.report(at, {.severity = Severity::note, .message = "the rest of the file was not looked at"});
  }
}

}  // namespace lumi::tabular
