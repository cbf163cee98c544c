#include "core/tabular/json_text.hpp"

#include "base/text.hpp"

#include <cstdint>
#include <cstring>
#include <string>

namespace lumi::tabular {

namespace {

std::uint32_t hex4(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits.substr(0, 4)) {
    const auto digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  return value;
}

char simple_escape(char c) {
  switch (c) {
  case 'b':
    return '\b';
  case 'f':
    return '\f';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 't':
    return '\t';
  default:
    return c;
  }
}

/// Replaces `out` by the text of the escape at the start of `rest`, and moves `rest` behind it.
void decode_escape(std::string_view& rest, std::string& out) {
  out.clear();
  if (rest[1] != 'u') {
    out += simple_escape(rest[1]);
    rest.remove_prefix(2);
    return;
  }
  char32_t code_point = hex4(rest.substr(2));
  rest.remove_prefix(6);
  if (code_point >= 0xD800 && code_point <= 0xDBFF) {
    code_point = 0x10000 + ((code_point - 0xD800) << 10) + (hex4(rest.substr(2)) - 0xDC00);
    rest.remove_prefix(6);
  }
  append_utf8(out, code_point);
}

/// Gives the pieces of the decoded text to `take`, in order.
template <class Take>
void for_each_piece(std::string_view escaped, Take take) {
  std::string character;
  for (;;) {
    const auto plain = escaped.substr(0, escaped.find('\\'));
    take(plain);
    escaped.remove_prefix(plain.size());
    if (escaped.empty()) {
      return;
    }
    decode_escape(escaped, character);
    take(std::string_view(character));
  }
}

}  // namespace

std::size_t decoded_size(std::string_view escaped) {
  std::size_t size = 0;
  for_each_piece(escaped, [&](std::string_view piece) { size += piece.size(); });
  return size;
}

void decode_in_place(std::string_view& text) {
  char* const begin = const_cast<char*>(text.data());
  char* out = begin;
  // An escape is never shorter than what it stands for, so what is still to be read is not overwritten.
  for_each_piece(text, [&](std::string_view piece) {
    std::memmove(out, piece.data(), piece.size());
    out += piece.size();
  });
  text = {begin, static_cast<std::size_t>(out - begin)};
}

void compact_in_place(std::string_view& json) {
  char* const begin = const_cast<char*>(json.data());
  char* out = begin;
  bool is_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!is_string && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
      continue;
    }
    *out++ = c;
    if (is_string && c == '\\') {
      *out++ = json[++i];
    } else if (c == '"') {
      is_string = !is_string;
    }
  }
  json = {begin, static_cast<std::size_t>(out - begin)};
}

}  // namespace lumi::tabular
