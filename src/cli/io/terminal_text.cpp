#include "base/text.hpp"
#include "cli/io/streams.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lumi::cli {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t code_point) {
  const auto after = std::upper_bound(
      ranges.begin(), ranges.end(), code_point, [](char32_t value, const Range& range) { return value < range.first; });
  return after != ranges.begin() && code_point <= std::prev(after)->last;
}

/// Code points that change how a terminal or a reader sees what surrounds them (C0, DEL, C1, bidirectional controls,
/// line and paragraph separators, tags).
constexpr std::array<Range, 6> k_harmful{
    {{0x00, 0x1F}, {0x7F, 0x9F}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}, {0xE0000, 0xE007F}}};

/// The blocks of combining marks and joiners that take no column.
constexpr std::array<Range, 14> k_zero_width{{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x0591, 0x05BD},
                                              {0x0610, 0x061A},
                                              {0x064B, 0x065F},
                                              {0x06D6, 0x06DC},
                                              {0x0900, 0x0902},
                                              {0x1AB0, 0x1AFF},
                                              {0x1DC0, 0x1DFF},
                                              {0x200B, 0x200D},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F},
                                              {0xFEFF, 0xFEFF}}};

/// The East Asian wide blocks and emoji that take two columns (Unicode TR 11).
constexpr std::array<Range, 11> k_wide{{{0x1100, 0x115F},
                                        {0x2E80, 0x303E},
                                        {0x3041, 0x33FF},
                                        {0x3400, 0x4DBF},
                                        {0x4E00, 0x9FFF},
                                        {0xA000, 0xA4CF},
                                        {0xAC00, 0xD7A3},
                                        {0xF900, 0xFAFF},
                                        {0xFE30, 0xFE6F},
                                        {0xFF00, 0xFF60},
                                        {0x1F300, 0x3FFFD}}};

int width_of(char32_t code_point) {
  if (code_point < 0x300) {
    return code_point < 0x20 ? 0 : 1;
  }
  if (is_in(k_zero_width, code_point)) {
    return 0;
  }
  return is_in(k_wide, code_point) ? 2 : 1;
}

/// The position behind an escape sequence that starts at `at` (ESC [ ... letter), or `at` if none does.
std::size_t after_escape(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) != "\x1b[") {
    return at;
  }
  const auto end = text.find_first_of("ABCDEFGHJKmhl", at + 2);
  return end == std::string_view::npos ? text.size() : end + 1;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto start = at;
    const auto code_point = next_code_point(text, at);
    if (!is_in(k_harmful, code_point)) {
      out += text.substr(start, at - start);
    } else if (code_point == '\n' || code_point == '\t' || code_point == '\r') {
      out += code_point == '\n' ? "\\n" : code_point == '\t' ? "\\t" : "\\r";
    } else {
      std::array<char, 16> buffer{};
      std::snprintf(
          buffer.data(), buffer.size(), code_point < 0x100 ? "\\x%02x" : "\\u%04x", static_cast<unsigned>(code_point));
      out += buffer.data();
    }
  }
  return out;
}

int display_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto after = after_escape(text, at); after != at) {
      at = after;
    } else {
      width += width_of(next_code_point(text, at));
    }
  }
  return width;
}

std::string truncated(std::string_view text, int width) {
  if (display_width(text) <= width) {
    return std::string(text);
  }
  std::string out;
  int used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto start = at;
    const int columns = width_of(next_code_point(text, at));
    if (used + columns > width - 1) {
      break;
    }
    out += text.substr(start, at - start);
    used += columns;
  }
  return out + "…";
}

}  // namespace lumi::cli
