#include "core/tabular/json_scanner.hpp"

#include "base/json_marks.hpp"
#include "core/tabular/problem.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>

namespace lumi::tabular {

namespace {

constexpr std::size_t k_max_depth = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The first quote, backslash or control character.
const char* find_string_mark(const char* at, const char* end) {
  for (; at < end; at += ByteBlock::k_size) {
    const auto bits = json_marks(ByteBlock::load(at));
    if (bits != 0) {
      return std::min(at + std::countr_zero(bits), end);
    }
  }
  return end;
}

std::optional<std::uint32_t> parse_hex4(const char* at) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const char lower = static_cast<char>(c | 0x20);
    if (is_digit(c)) {
      value = value * 16 + static_cast<std::uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

/// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool is_number(std::string_view text) {
  text.remove_prefix(text.starts_with('-') ? 1 : 0);
  const auto whole = count_digits(text);
  if (whole == 0 || (whole > 1 && text.front() == '0')) {
    return false;
  }
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    const auto decimals = count_digits(text.substr(1));
    if (decimals == 0) {
      return false;
    }
    text.remove_prefix(1 + decimals);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    text.remove_prefix(text.starts_with('+') || text.starts_with('-') ? 1 : 0);
    const auto exponent = count_digits(text);
    return exponent > 0 && exponent == text.size();
  }
  return text.empty();
}

}  // namespace

JsonOutcome JsonScanner::scan(const char* begin, const char* end, bool is_last) {
  members_.clear();
  at_ = begin;
  end_ = end;
  is_last_ = is_last;
  outcome_ = JsonOutcome::object;
  problem_code_ = ErrorCode::invalid_input;
  if (!expect('{', "expected an object: {\"column\": \"text\", …}") || !skip_space()) {
    return outcome_;
  }
  if (*at_ == '}') {
    ++at_;
    return outcome_;
  }
  while (read_member()) {
    if (!skip_space()) {
      break;
    }
    if (*at_ == '}') {
      ++at_;
      break;
    }
    if (!expect(',', "expected , or } after a value")) {
      break;
    }
  }
  return outcome_;
}

/// What is wrong within a character of the end may look different when more is known.
bool JsonScanner::fail(const char* at, std::string problem) {
  constexpr std::ptrdiff_t k_character = 4;
  outcome_ = !is_last_ && end_ - at < k_character ? JsonOutcome::incomplete : JsonOutcome::malformed;
  problem_at_ = at;
  problem_ = std::move(problem);
  return false;
}

bool JsonScanner::skip_space() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
    ++at_;
  }
  return at_ < end_ || fail(end_, "the object does not end");
}

bool JsonScanner::expect(char wanted, const char* problem) {
  if (!skip_space()) {
    return false;
  }
  if (*at_ != wanted) {
    return fail(at_, problem);
  }
  ++at_;
  return true;
}

bool JsonScanner::read_member() {
  if (members_.size() == max_members_) {
    problem_code_ = ErrorCode::too_large;
    return fail(at_, "the object has more than " + std::to_string(max_members_) + " members");
  }
  auto& member = members_.emplace_back();
  return read_key(member.key, member.is_key_escaped) && read_value(member);
}

bool JsonScanner::read_key(std::string_view& key, bool& is_escaped) {
  if (!skip_space()) {
    return false;
  }
  if (*at_ != '"') {
    return fail(at_, "expected a key in double quotes");
  }
  return read_string(key, is_escaped) && expect(':', "expected : after a key");
}

bool JsonScanner::read_value(JsonMember& member) {
  if (!skip_space()) {
    return false;
  }
  switch (*at_) {
  case '"':
    member.kind = JsonKind::string;
    return read_string(member.value, member.is_value_escaped);
  case '{':
  case '[':
    member.kind = JsonKind::nested;
    return read_nested(member.value);
  default:
    member.kind = JsonKind::written;
    return is_digit(*at_) || *at_ == '-' ? read_number(member.value) : read_word(member);
  }
}

bool JsonScanner::read_string(std::string_view& text, bool& is_escaped) {
  const char* const opening = at_++;
  for (;;) {
    at_ = find_string_mark(at_, end_);
    if (at_ == end_) {
      return fail(is_last_ ? opening : end_, "the string that starts here does not end");
    }
    if (*at_ == '"') {
      text = {opening + 1, static_cast<std::size_t>(at_ - opening - 1)};
      ++at_;
      return true;
    }
    if (*at_ != '\\') {
      return fail(at_, "a control character in a string: write a line end as \\n and a tab as \\t");
    }
    is_escaped = true;
    if (!read_escape()) {
      return false;
    }
  }
}

bool JsonScanner::read_escape() {
  if (end_ - at_ < 2) {
    return fail(is_last_ ? at_ : end_, "the string does not end");
  }
  if (at_[1] == 'u') {
    return read_unicode_escape();
  }
  if (std::string_view("\"\\/bfnrt").find(at_[1]) == std::string_view::npos) {
    return fail(at_, "a backslash that starts no escape: write it twice");
  }
  at_ += 2;
  return true;
}

bool JsonScanner::read_unicode_escape() {
  constexpr std::ptrdiff_t k_length = 6;
  const auto unit_at = [&](const char* at) -> std::optional<std::uint32_t> {
    const bool is_whole = end_ - at >= k_length && at[0] == '\\' && at[1] == 'u';
    return is_whole ? parse_hex4(at + 2) : std::nullopt;
  };
  if (!is_last_ && end_ - at_ < 2 * k_length) {
    return fail(end_, "");
  }
  const auto unit = unit_at(at_);
  if (!unit) {
    return fail(at_, "\\u without four hexadecimal digits");
  }
  if (*unit == 0) {
    return fail(at_, "a NUL character (\\u0000): texts cannot hold it");
  }
  const bool is_high = *unit >= 0xD800 && *unit <= 0xDBFF;
  const auto second = is_high ? unit_at(at_ + k_length) : std::nullopt;
  const bool is_pair = second && *second >= 0xDC00 && *second <= 0xDFFF;
  if ((is_high && !is_pair) || (*unit >= 0xDC00 && *unit <= 0xDFFF)) {
    return fail(at_, "half of a surrogate pair");
  }
  at_ += is_pair ? 2 * k_length : k_length;
  return true;
}

bool JsonScanner::read_number(std::string_view& text) {
  const char* const begin = at_;
  const auto belongs = [](char c) { return is_digit(c) || is_letter(c) || c == '+' || c == '-' || c == '.'; };
  at_ = std::find_if_not(at_, end_, belongs);
  if (at_ == end_ && !is_last_) {
    return fail(end_, "");
  }
  text = {begin, static_cast<std::size_t>(at_ - begin)};
  return is_number(text) || fail(begin, quote_short(text) + " is not a JSON number");
}

bool JsonScanner::read_word(JsonMember& member) {
  const char* const begin = at_;
  at_ = std::find_if_not(at_, end_, is_letter);
  if (at_ == end_ && !is_last_) {
    return fail(end_, "");
  }
  member.value = {begin, static_cast<std::size_t>(at_ - begin)};
  if (member.value == "null") {
    member.kind = JsonKind::null;
    member.value = {};
    return true;
  }
  if (member.value.empty()) {
    return fail(begin, "expected a value");
  }
  return member.value == "true" || member.value == "false" ||
         fail(begin, quote_short(member.value) + " is not a JSON value: for one that is missing, write null");
}

// --- arrays and objects within a value ---

bool JsonScanner::read_nested(std::string_view& text) {
  const char* const begin = at_;
  levels_.clear();
  do {
    if (!skip_space()) {
      return false;
    }
    bool is_closed = true;
    JsonMember ignored;
    if (*at_ == '{' || *at_ == '[' ? !open_level(is_closed) : !read_value(ignored)) {
      return false;
    }
    if (is_closed && !close_levels()) {
      return false;
    }
  } while (!levels_.empty());
  text = {begin, static_cast<std::size_t>(at_ - begin)};
  return true;
}

/// Goes into an array or object, up to its first value or behind its end.
bool JsonScanner::open_level(bool& is_closed) {
  if (levels_.size() == k_max_depth) {
    return fail(at_, "nested deeper than " + std::to_string(k_max_depth) + " levels");
  }
  const char closing = *at_ == '[' ? ']' : '}';
  ++at_;
  if (!skip_space()) {
    return false;
  }
  is_closed = *at_ == closing;
  if (is_closed) {
    ++at_;
    return true;
  }
  levels_ += closing;
  JsonMember ignored;
  return closing == ']' || read_key(ignored.key, ignored.is_key_escaped);
}

/// After a value: goes on to the next one, out of what ends here.
bool JsonScanner::close_levels() {
  while (!levels_.empty()) {
    if (!skip_space()) {
      return false;
    }
    if (*at_ == levels_.back()) {
      ++at_;
      levels_.pop_back();
      continue;
    }
    JsonMember ignored;
    return expect(',', levels_.back() == ']' ? "expected , or ] after a value" : "expected , or } after a value") &&
           (levels_.back() == ']' || read_key(ignored.key, ignored.is_key_escaped));
  }
  return true;
}

}  // namespace lumi::tabular
