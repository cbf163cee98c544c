#include "core/metrics/text/punkt_words.hpp"

#include "core/metrics/text/python_text.hpp"

#include <array>
#include <cstdint>

namespace lumi::metrics {

namespace {

enum Sign : std::uint8_t {
  punctuation = 1,  ///< ends a word
  no_start = 2,     ///< does not start a word
  may_end = 4,      ///< a word may end before it: look closer
};

constexpr std::array<std::uint8_t, 256> k_signs = [] {
  std::array<std::uint8_t, 256> signs{};
  const auto mark = [&](std::string_view set, unsigned sign) {
    for (const char c : set) {
      auto& entry = signs[static_cast<unsigned char>(c)];
      entry = static_cast<std::uint8_t>(entry | sign);
    }
  };
  mark(")\";}]*:@'({[!?", punctuation | may_end);
  mark("(\"`{[:;&#*@)}]-,", no_start);
  mark(".-,", may_end);
  for (std::size_t byte = 0; byte < signs.size(); ++byte) {
    if (byte <= 0x20 || byte >= 0xC2) {  // may be white space
      signs[byte] = static_cast<std::uint8_t>(signs[byte] | may_end);
    }
  }
  return signs;
}();

unsigned sign_of(char c) { return k_signs[static_cast<unsigned char>(c)]; }

bool is_at(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }

std::size_t space_at(std::string_view text, std::size_t at) {
  return at < text.size() ? python::space_length(text, at) : 0;
}

/// The end of a run of hyphens, of periods, or of periods with one white-space character between each two; `at` if
/// there is none: "--", "..", ". . .".
std::size_t match_run(std::string_view line, std::size_t at) {
  const char c = line[at];
  if (c != '-' && c != '.') {
    return at;
  }
  if (is_at(line, at + 1, c)) {
    const auto end = line.find_first_not_of(c, at);
    return end == std::string_view::npos ? line.size() : end;
  }
  if (c == '-') {
    return at;
  }
  std::size_t end = at + 1;
  std::size_t periods = 1;
  for (std::size_t space = space_at(line, end); space > 0 && is_at(line, end + space, '.');
       space = space_at(line, end)) {
    end += space + 1;
    ++periods;
  }
  return periods >= 3 ? end : at;
}

/// Whether a word ends before `at` whatever it is: at the end, white space, punctuation or a run.
bool is_edge(std::string_view line, std::size_t at) {
  return at >= line.size() || (sign_of(line[at]) & punctuation) != 0 || space_at(line, at) > 0 ||
         match_run(line, at) > at;
}

std::size_t end_of_word(std::string_view line, std::size_t at) {
  for (++at; at < line.size(); ++at) {
    if ((sign_of(line[at]) & may_end) != 0 && (is_edge(line, at) || (line[at] == ',' && is_edge(line, at + 1)))) {
      return at;
    }
  }
  return at;
}

}  // namespace

bool is_punkt_punctuation(char c) { return (sign_of(c) & punctuation) != 0; }

std::string_view next_punkt_word(std::string_view line, std::size_t& at) {
  for (std::size_t space = 0; (space = space_at(line, at)) > 0;) {
    at += space;
  }
  if (at >= line.size()) {
    return {};
  }
  const std::size_t begin = at;
  at = match_run(line, begin);
  if (at == begin) {
    at = (sign_of(line[begin]) & no_start) == 0 ? end_of_word(line, begin) : begin + 1;
  }
  return line.substr(begin, at - begin);
}

}  // namespace lumi::metrics
