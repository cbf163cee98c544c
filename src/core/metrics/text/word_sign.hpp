#pragma once
#include "core/metrics/text/python_text.hpp"

#include <array>
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

}  // namespace lumi::metrics::word_sign
