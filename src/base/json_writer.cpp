#include "base/json_writer.hpp"

#include "base/json_marks.hpp"
#include "base/text.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <charconv>

namespace lumi {

namespace {

constexpr std::size_t k_block = 64 * 1024;

/// For each byte: 0 if it stands for itself in a JSON string, 'u' if it needs \u00XX, else the letter after the
/// backslash.
constexpr std::array<char, 256> k_escapes = [] {
  std::array<char, 256> escapes{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) {
    escapes[byte] = 'u';
  }
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

/// Where the first byte from `at` on is that does not stand for itself in a JSON string.
std::size_t find_special(std::string_view text, std::size_t at) {
  for (; at + ByteBlock::k_size <= text.size(); at += ByteBlock::k_size) {
    const auto bits = json_marks(ByteBlock::load(text.data() + at));
    if (bits != 0) {
      return at + static_cast<std::size_t>(std::countr_zero(bits));
    }
  }
  while (at < text.size() && k_escapes[static_cast<unsigned char>(text[at])] == 0) {
    ++at;
  }
  return at;
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t plain_from = 0;
  for (auto at = find_special(text, 0); at < text.size(); at = find_special(text, at + 1)) {
    out.append(text, plain_from, at - plain_from);
    plain_from = at + 1;
    const auto byte = static_cast<unsigned char>(text[at]);
    const char escape = k_escapes[byte];
    out += '\\';
    out += escape;
    if (escape == 'u') {
      constexpr std::string_view k_digits = "0123456789abcdef";
      out += "00";
      out += k_digits[byte >> 4];
      out += k_digits[byte & 0x0F];
    }
  }
  out.append(text, plain_from);
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
  std::array<char, 24> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), result.ptr);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  if (find_invalid_utf8(text)) {
    append_escaped(out, to_valid_utf8(text));
  } else {
    append_escaped(out, text);
  }
  out += '"';
}

JsonWriter::JsonWriter(ByteSink& sink, JsonStyle style) : sink_(sink), style_(style) {}

void JsonWriter::key(std::string_view name) {
  assert(!levels_.empty() && levels_.back().closing == '}' && !has_key_);
  start_line();
  append_json_string(buffer_, name);
  buffer_ += style_.indent() == 0 ? ":" : ": ";
  has_key_ = true;
}

void JsonWriter::value(std::string_view text) {
  before_value();
  append_json_string(buffer_, text);
  after_value();
}

void JsonWriter::value(double number) {
  before_value();
  append_json_number(buffer_, number);
  after_value();
}

void JsonWriter::write_signed(std::int64_t number) {
  before_value();
  append_integer(buffer_, number);
  after_value();
}

void JsonWriter::write_unsigned(std::uint64_t number) {
  before_value();
  append_integer(buffer_, number);
  after_value();
}

void JsonWriter::raw(std::string_view json) {
  before_value();
  buffer_ += json;
  after_value();
}

void JsonWriter::begin(char opening) {
  before_value();
  buffer_ += opening;
  levels_.push_back({opening == '{' ? '}' : ']', true});
}

void JsonWriter::end(char closing) {
  assert(!levels_.empty() && levels_.back().closing == closing && !has_key_);
  const bool was_empty = levels_.back().is_empty;
  levels_.pop_back();
  if (!was_empty && style_.indent() > 0) {
    buffer_ += '\n';
    buffer_.append(levels_.size() * style_.indent(), ' ');
  }
  buffer_ += closing;
  after_value();
}

void JsonWriter::before_value() {
  if (levels_.empty()) {
    return;
  }
  if (levels_.back().closing == ']') {
    start_line();
  } else {
    assert(has_key_);
    has_key_ = false;
  }
}

void JsonWriter::after_value() {
  if (levels_.empty() || buffer_.size() >= k_block) {
    sink_.write(buffer_);
    buffer_.clear();
  }
}

void JsonWriter::start_line() {
  if (!levels_.back().is_empty) {
    buffer_ += ',';
  }
  levels_.back().is_empty = false;
  if (style_.indent() > 0) {
    buffer_ += '\n';
    buffer_.append(levels_.size() * style_.indent(), ' ');
  }
}

}  // namespace lumi
