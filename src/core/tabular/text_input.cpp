#include "core/tabular/text_input.hpp"

#include "base/text.hpp"
#include "core/tabular/file_kind.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lumi::tabular {

namespace {

// The start of a file that says what it is.
constexpr std::size_t k_looked_at = 32;
// Limits beyond any memory would only overflow.
constexpr std::uint64_t k_most_bytes = std::uint64_t{1} << 40;
// Room behind the longest row for what the next refill brings.
constexpr std::size_t k_slack = 64 * 1024;

std::string hex(char byte) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%02X", static_cast<unsigned>(static_cast<unsigned char>(byte)));
  return text.data();
}

std::size_t find_line_end(std::string_view bytes, LineEnds line_ends, std::size_t from) {
  return line_ends == LineEnds::lf ? bytes.find('\n', from) : bytes.find_first_of("\r\n", from);
}

ReadOptions with_possible_limits(ReadOptions options) {
  options.max_row_bytes = std::min(options.max_row_bytes, k_most_bytes);
  options.max_cell_bytes = std::min(options.max_cell_bytes, options.max_row_bytes);
  return options;
}

}  // namespace

TextInput::TextInput(ByteSource& source, const ReadOptions& options, LineEnds line_ends, ProblemSink* problems)
    : options_(with_possible_limits(options)), line_ends_(line_ends), thrower_(options.name),
      problems_(problems == nullptr ? &thrower_ : problems),
      window_(source, options_.block_bytes, options_.max_row_bytes + k_slack) {
  while (window_.size() < k_looked_at + k_longest_character && !window_.is_last()) {
    window_.grow();
  }
  look_at_start();
}

void TextInput::look_at_start() {
  const auto bytes = window_.bytes();
  // A text may start like another kind of file, but then it goes on as text.
  const auto kind = window_.find_not_text(k_looked_at) ? find_file_kind(bytes) : std::nullopt;
  if (kind) {
    refuse(std::string("this is ") + kind->what + ", not UTF-8 text", kind->advice);
    return;
  }
  if (bytes.starts_with(k_byte_order_mark)) {
    add_note("a byte order mark at the start was dropped");
    window_.drop(k_byte_order_mark.size());
  }
  if (window_.size() == 0) {
    refuse("the file is empty", "");
  }
}

void TextInput::refuse(std::string message, std::string hint) {
  is_usable_ = false;
  report(0, {.message = std::move(message), .hint = std::move(hint)});
}

void TextInput::add_note(std::string note) {
  constexpr std::size_t k_kept = 100;
  if (notes_.size() < k_kept) {
    notes_.push_back(std::move(note));
    return;
  }
  ++further_notes_;
  const auto summary = "and " + std::to_string(further_notes_) + " more of this kind";
  if (further_notes_ == 1) {
    notes_.push_back(summary);
  } else {
    notes_.back() = summary;
  }
}

void TextInput::drop_lines(std::size_t count, std::uint64_t line_breaks) {
  window_.drop(count);
  start_.line += line_breaks;
}

void TextInput::drop_to(std::size_t count, TextPosition position) {
  window_.drop(count);
  start_ = position;
}

void TextInput::drop_line(std::size_t from) {
  for (;;) {
    const auto bytes = window_.bytes();
    auto at = find_line_end(bytes, line_ends_, from);
    if (at != std::string_view::npos && (at + 1 < bytes.size() || bytes[at] == '\n' || window_.is_last())) {
      at += bytes.substr(at, 2) == "\r\n" ? 2U : 1U;
      drop(at);
      return;
    }
    // A CR that ends the window stays, because an LF may follow it.
    drop(at == std::string_view::npos ? bytes.size() : at);
    from = 0;
    if (window_.is_last()) {
      return;
    }
    window_.grow();
  }
}

TextPosition TextInput::locate(std::size_t at) {
  const auto bytes = window_.bytes().substr(0, at);
  auto position = start_;
  std::size_t line_start = 0;
  for (std::size_t i = 0; (i = find_line_end(bytes, line_ends_, i)) < bytes.size();) {
    i += bytes.substr(i, 2) == "\r\n" ? 2U : 1U;
    line_start = i;
    position = {position.line + 1, 1};
  }
  position.column += count_code_points(bytes.substr(line_start));
  return position;
}

void TextInput::report(std::size_t at, Problem problem) {
  const auto position = locate(at);
  problem.line = position.line;
  problem.column = position.column;
  problems_->report(std::move(problem));
}

bool TextInput::report_not_text(std::size_t count, std::string_view field) {
  const auto at = window_.find_not_text(count);
  if (!at) {
    return false;
  }
  const char byte = *(window_.begin() + *at);
  const auto offset = std::to_string(window_.offset() + *at);
  if (byte == '\0') {
    report(*at,
           {.field = std::string(field),
            .message = "a NUL character (byte " + offset + " of the file)",
            .hint = "remove it: texts cannot hold NUL characters"});
  } else {
    report(*at,
           {.field = std::string(field),
            .message = "byte " + hex(byte) + " is not UTF-8 (byte " + offset + " of the file)",
            .hint = "save the file as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8"});
  }
  return true;
}

}  // namespace lumi::tabular
