#include "core/metrics/text/python_text.hpp"

#include "base/text.hpp"
#include "core/metrics/text/byte_classes.hpp"
#include "core/metrics/text/unicode_tables.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

namespace lumi::metrics::python {

namespace {

constexpr char32_t k_capital_sigma = 0x3A3;
constexpr char32_t k_small_sigma = 0x3C3;
constexpr char32_t k_final_sigma = 0x3C2;
constexpr char32_t k_dotted_capital_i = 0x130;

/// The run that holds `c`, or null.
template <class RunType>
const RunType* find_run(std::span<const RunType> runs, char32_t c) {
  const auto after = std::upper_bound(
      runs.begin(), runs.end(), c, [](char32_t value, const RunType& run) { return value < run.first; });
  if (after == runs.begin()) {
    return nullptr;
  }
  const RunType& run = *(after - 1);
  return c <= run.last && (c - run.first) % run.step == 0 ? &run : nullptr;
}

constexpr bool is_ascii_upper(char32_t c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_ascii_lower(char32_t c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_ascii_digit(char32_t c) { return c >= '0' && c <= '9'; }

bool is_cased(char32_t c) {
  return c < 0x80 ? is_ascii_upper(c) || is_ascii_lower(c) : find_run(unicode::cased_runs(), c) != nullptr;
}

bool is_case_ignorable(char32_t c) {
  return c < 0x80 ? std::u32string_view(U"'.:^`").find(c) != std::u32string_view::npos
                  : find_run(unicode::case_ignorable_runs(), c) != nullptr;
}

/// Whether the sigma in `text` from `start` to `end` ends a word: cased letters before it and none after it.
bool is_final_sigma(std::string_view text, std::size_t start, std::size_t end) {
  bool cased_before = false;
  for (std::size_t at = start; at > 0 && !cased_before;) {
    do {
      --at;
    } while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
    std::size_t next = at;
    const char32_t c = next_code_point(text, next);
    if (!is_case_ignorable(c)) {
      cased_before = is_cased(c);
      break;
    }
  }
  if (!cased_before) {
    return false;
  }
  for (std::size_t at = end; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (!is_case_ignorable(c)) {
      return !is_cased(c);
    }
  }
  return true;
}

/// Appends the ASCII characters that `text` begins with in lower case; returns how many there are.
std::size_t append_lower_ascii(std::string_view text, std::string& out) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const auto length = static_cast<std::size_t>(end - text.begin());
  const std::size_t before = out.size();
  out.append(text.begin(), end);
  for (std::size_t i = before; i < out.size(); ++i) {
    out[i] = static_cast<char>(out[i] + (out[i] >= 'A' && out[i] <= 'Z' ? 'a' - 'A' : 0));
  }
  return length;
}

char32_t to_lower(char32_t c) {
  const auto* run = find_run(unicode::lower_case_runs(), c);
  return run == nullptr ? c : static_cast<char32_t>(static_cast<std::int64_t>(c) + run->delta);
}

}  // namespace

bool is_word(char32_t c) {
  return c < 0x80 ? is_ascii_lower(c) || is_ascii_upper(c) || is_ascii_digit(c) || c == '_'
                  : find_run(unicode::word_runs(), c) != nullptr;
}

bool is_decimal(char32_t c) { return c < 0x80 ? is_ascii_digit(c) : find_run(unicode::decimal_runs(), c) != nullptr; }

bool is_upper(char32_t c) { return c < 0x80 ? is_ascii_upper(c) : find_run(unicode::upper_runs(), c) != nullptr; }

bool is_lower(char32_t c) { return c < 0x80 ? is_ascii_lower(c) : find_run(unicode::lower_runs(), c) != nullptr; }

std::size_t detail::wide_space_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t k) {
    return at + k < text.size() ? static_cast<unsigned char>(text[at + k]) : static_cast<unsigned char>(0);
  };
  if (byte(0) == 0xC2) {
    return byte(1) == 0x85 || byte(1) == 0xA0 ? 2 : 0;
  }
  if (byte(0) < 0xE1) {
    return 0;
  }
  const auto c = (static_cast<char32_t>(byte(0) & 0x0F) << 12) | (static_cast<char32_t>(byte(1) & 0x3F) << 6) |
                 static_cast<char32_t>(byte(2) & 0x3F);
  return at + 2 < text.size() && is_space(c) ? 3 : 0;
}

void append_lower(std::string_view text, std::string& out) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      at += append_lower_ascii(text.substr(at), out);
      continue;
    }
    const std::size_t start = at;
    const char32_t c = next_code_point(text, at);
    if (c == k_capital_sigma) {
      append_utf8(out, is_final_sigma(text, start, at) ? k_final_sigma : k_small_sigma);
    } else if (c == k_dotted_capital_i) {
      out += "i\u0307";
    } else {
      append_utf8(out, to_lower(c));
    }
  }
}

std::string_view strip_right(std::string_view text) {
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) {
      --last;
    }
    if (space_length(text, last) == 0) {
      break;
    }
    text = text.substr(0, last);
  }
  return text;
}

std::size_t count_words(std::string_view text) {
  enum : std::size_t { space_class, wide_class, class_count };
  const auto classify = [](std::uint8_t c) {
    return static_cast<std::uint8_t>(class_bit<space_class>(is_between(c, 0x09, 0x0D) | is_between(c, 0x1C, 0x20)) |
                                     class_bit<wide_class>(c >= 0x80));
  };
  std::size_t count = 0;
  std::uint64_t after_space = 1;
  for (std::size_t at = 0; at < text.size(); at += k_class_block) {
    std::array<char, k_class_block> block;
    const auto piece = text.substr(at, k_class_block);
    std::copy(piece.begin(), piece.end(), block.begin());
    std::fill(block.begin() + static_cast<std::ptrdiff_t>(piece.size()), block.end(), ' ');
    const auto found = find_classes<class_count>(block.data(), classify);
    if (found[wide_class] != 0) {
      count = 0;
      for_each_word(text, [&](std::string_view) { ++count; });
      return count;
    }
    count += static_cast<std::size_t>(std::popcount(~found[space_class] & (found[space_class] << 1 | after_space)));
    after_space = found[space_class] >> (k_class_block - 1);
  }
  return count;
}

}  // namespace lumi::metrics::python
