#pragma once
#include "base/hash.hpp"
#include "core/metrics/text/python_text.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// What the bytes of a text mean to the rules of NLTK's word tokenizer, as bits.
namespace lumi::metrics::word_sign {

enum Sign : std::uint16_t {
  space = 1,  ///< ASCII white space
  comma = 2,  ///< , or :
  period = 4,
  hyphen = 8,
  other = 16,  ///< ASCII that no rule is about and that no word holds
  non_ascii = 32,
  quote = 64,  ///< "
  apostrophe = 128,
  backtick = 256,
  mark = 512,      ///< ; @ # $ % & ? !
  bracket = 1024,  ///< * [ ] ( ) { } < >
};

constexpr std::array<std::uint16_t, 256> k_table = [] {
  std::array<std::uint16_t, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    const auto c = static_cast<char32_t>(byte);
    const bool is_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    table[byte] = byte >= 0x80 ? non_ascii : python::is_space(c) ? space : is_word ? Sign{} : other;
  }
  const auto set = [&](std::string_view characters, Sign sign) {
    for (const char c : characters) {
      table[static_cast<unsigned char>(c)] = sign;
    }
  };
  set(",:", comma);
  set(".", period);
  set("-", hyphen);
  set("\"", quote);
  set("'", apostrophe);
  set("`", backtick);
  set(";@#$%&?!", mark);
  set("*[](){}<>", bracket);
  return table;
}();

/// The sign of one byte.
constexpr unsigned of(char c) { return k_table[static_cast<unsigned char>(c)]; }

/// The end of the run from `at` on of what words hold: ASCII's letters, digits and underscores.
inline std::size_t word_end(std::string_view text, std::size_t at);

// Implementation of the inline parts.

namespace detail {

/// The high bit of each of eight bytes that is in no word.
inline std::uint64_t non_word_bits(std::uint64_t bytes) {
  constexpr std::uint64_t k_each = 0x0101010101010101U;
  constexpr std::uint64_t k_high = 0x80 * k_each;
  const std::uint64_t ascii = bytes & ~k_high;
  const auto at_least = [](std::uint64_t values, unsigned least) { return values + k_each * (0x80U - least); };
  const std::uint64_t lower = ascii | 0x20 * k_each;
  const std::uint64_t letters = at_least(lower, 'a') & ~at_least(lower, 'z' + 1);
  const std::uint64_t digits = at_least(ascii, '0') & ~at_least(ascii, '9' + 1);
  const std::uint64_t underscores = at_least(ascii, '_') & ~at_least(ascii, '_' + 1);
  return (~(letters | digits | underscores) | bytes) & k_high;
}

}  // namespace detail

inline std::size_t word_end(std::string_view text, std::size_t at) {
  for (; at + 8 <= text.size(); at += 8) {
    if (const auto others = detail::non_word_bits(load_8(text.data() + at)); others != 0) {
      return at + static_cast<std::size_t>(std::countr_zero(others)) / 8;
    }
  }
  while (at < text.size() && of(text[at]) == 0) {
    ++at;
  }
  return at;
}

}  // namespace lumi::metrics::word_sign
