#pragma once
#include <cstddef>
#include <string>
#include <string_view>

/// Characters and strings as Python 3.11 (Unicode 14.0) sees them. Texts are well-formed UTF-8.
namespace lumi::metrics::python {

bool is_word(char32_t c);     ///< `\w` of a regular expression
bool is_decimal(char32_t c);  ///< `\d` of a regular expression
bool is_upper(char32_t c);    ///< `isupper()`
bool is_lower(char32_t c);    ///< `islower()`

/// White space of `str.split()`, `isspace()` and `\s`.
constexpr bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// The bytes of the white-space character at `at`, or 0 if there is none.
inline std::size_t space_length(std::string_view text, std::size_t at);

/// Appends `text.lower()` to `out`, final sigmas included.
void append_lower(std::string_view text, std::string& out);

/// `text.rstrip()`.
std::string_view strip_right(std::string_view text);

/// Calls `take(std::string_view)` with each piece of `text.split()`.
template <class Take>
void for_each_word(std::string_view text, Take&& take);

/// The number of pieces of `text.split()`.
std::size_t count_words(std::string_view text);

// Implementation of the inline parts.

namespace detail {
std::size_t wide_space_length(std::string_view text, std::size_t at);
}

inline std::size_t space_length(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte <= 0x20) {
    return is_space(byte) ? 1 : 0;
  }
  return byte >= 0xC2 && byte <= 0xE3 ? detail::wide_space_length(text, at) : 0;
}

template <class Take>
void for_each_word(std::string_view text, Take&& take) {
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t space = space_length(text, at);
    if (space == 0) {
      ++at;
      continue;
    }
    if (at > start) {
      take(text.substr(start, at - start));
    }
    at += space;
    start = at;
  }
  if (at > start) {
    take(text.substr(start, at - start));
  }
}

}  // namespace lumi::metrics::python
