#include "core/metrics/text/tokenizer_13a.hpp"

#include "core/metrics/text/byte_classes.hpp"
#include "core/metrics/text/python_text.hpp"

#include <algorithm>
#include <array>

namespace lumi::metrics {

namespace {

static_assert(Tokenizer13a::k_padding == k_class_block);

/// Replaces what `text` has of `old` from `begin` on, once from front to back; `replacement` is not longer.
void replace_all(std::string& text, std::size_t begin, std::string_view old, std::string_view replacement) {
  std::size_t found = text.find(old, begin);
  if (found == std::string::npos) {
    return;
  }
  auto to = text.begin() + static_cast<std::ptrdiff_t>(found);
  while (found != std::string::npos) {
    const std::size_t from = found + old.size();
    found = text.find(old, from);
    to = std::copy(replacement.begin(), replacement.end(), to);
    const auto end = found == std::string::npos ? text.end() : text.begin() + static_cast<std::ptrdiff_t>(found);
    to = std::copy(text.begin() + static_cast<std::ptrdiff_t>(from), end, to);
  }
  text.erase(to, text.end());
}

enum ByteClass : std::size_t {
  symbol_class,
  space_class,
  digit_class,
  stop_class,
  hyphen_class,
  wide_class,
  class_count
};

constexpr std::uint8_t classify_byte(std::uint8_t c) {
  const auto digit = class_bit<digit_class>(is_ascii_digit(c));
  const auto stop = class_bit<stop_class>((c == '.') | (c == ','));
  const auto hyphen = class_bit<hyphen_class>(c == '-');
  const auto space = class_bit<space_class>(is_between(c, 0x09, 0x0D) | is_between(c, 0x1C, 0x20));
  const auto wide = class_bit<wide_class>((c == 0xC2) | is_between(c, 0xE1, 0xE3));  // may start other white space
  const bool is_ordinary = is_ascii_letter(c) | (c == '\'');
  const bool is_symbol = is_between(c, '!', '~') & !is_ordinary & ((digit | stop | hyphen) == 0);
  return class_bit<symbol_class>(is_symbol) | digit | stop | hyphen | space | wide;
}

/// Each bit where the byte before, or after, has it.
std::uint64_t after(std::uint64_t bits, std::uint64_t bits_before) { return bits << 1 | bits_before >> 63; }
std::uint64_t before(std::uint64_t bits, std::uint64_t bits_after) { return bits >> 1 | bits_after << 63; }

}  // namespace

void prepare_13a(std::string_view text, std::string& out) {
  const std::size_t begin = out.size();
  out += text;
  replace_all(out, begin, "<skipped>", "");
  replace_all(out, begin, "-\n", "");
  if (out.find('&', begin) != std::string::npos) {
    replace_all(out, begin, "&quot;", "\"");
    replace_all(out, begin, "&amp;", "&");
    replace_all(out, begin, "&lt;", "<");
    replace_all(out, begin, "&gt;", ">");
  }
}

void Tokenizer13a::classify(std::string_view prepared) {
  const std::size_t blocks = (prepared.size() + k_class_block - 1) / k_class_block;
  classes_.assign(blocks + 2, Classes());
  std::array<std::uint64_t, class_count> found{};
  for (std::size_t block = 0; block < blocks; ++block) {
    found = find_classes<class_count>(prepared.data() + block * k_class_block, classify_byte);
    auto& classes = classes_[block + 1];
    classes.symbol = found[symbol_class];
    classes.space |= found[space_class];
    classes.digit = found[digit_class];
    classes.stop = found[stop_class];
    classes.hyphen = found[hyphen_class];
    if (found[wide_class] != 0) {
      mark_wide_spaces(prepared, block, found[wide_class]);
    }
  }
}

void Tokenizer13a::mark_wide_spaces(std::string_view prepared, std::size_t block, std::uint64_t candidates) {
  for (; candidates != 0; candidates &= candidates - 1) {
    const auto bit = static_cast<std::size_t>(std::countr_zero(candidates));
    const std::size_t at = block * k_class_block + bit;
    for (std::size_t i = at; at < prepared.size() && i < at + python::space_length(prepared, at); ++i) {
      classes_[i / k_class_block + 1].space |= std::uint64_t{1} << (i % k_class_block);
    }
  }
}

/// Which bytes are tokens of their own. The original takes full stops and commas in pairs, the first with the character
/// before the run unless that is a digit; what is left over at the end of the run stays with a digit that follows.
std::uint64_t Tokenizer13a::find_alone(std::string_view prepared, std::size_t block) const {
  const auto& previous = classes_[block];
  const auto& here = classes_[block + 1];
  const auto& next = classes_[block + 2];
  const std::uint64_t after_digit = after(here.digit, previous.digit);
  const std::uint64_t before_digit = before(here.digit, next.digit);
  const std::uint64_t after_stop = after(here.stop, previous.stop);
  const std::uint64_t before_stop = before(here.stop, next.stop);
  std::uint64_t within_number = here.stop & ~after_stop & after_digit & before_digit;
  std::uint64_t run_ends = here.stop & after_stop & ~before_stop & before_digit;
  for (; run_ends != 0; run_ends &= run_ends - 1) {
    const std::size_t last = block * k_class_block + static_cast<std::size_t>(std::countr_zero(run_ends));
    std::size_t begin = last;
    while (begin > 0 && (prepared[begin - 1] == '.' || prepared[begin - 1] == ',')) {
      --begin;
    }
    const bool is_after_digit = begin > 0 && prepared[begin - 1] >= '0' && prepared[begin - 1] <= '9';
    const bool is_odd = (last - begin) % 2 == 0;
    within_number |= is_odd == is_after_digit ? run_ends & ~(run_ends - 1) : 0;
  }
  return here.symbol | (here.hyphen & after_digit) | (here.stop & ~within_number);
}

void Tokenizer13a::find_edges(std::string_view prepared) {
  classify(prepared);
  edges_.resize(classes_.size() - 2);
  std::uint64_t alone_before = 0;
  std::uint64_t space_before = ~std::uint64_t{0};  // the text starts after a space, so to speak
  for (std::size_t block = 0; block < edges_.size(); ++block) {
    const std::uint64_t alone = find_alone(prepared, block);
    const std::uint64_t space = classes_[block + 1].space;
    const std::size_t left = prepared.size() - block * k_class_block;
    const std::uint64_t inside = left >= k_class_block ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
    const std::uint64_t after_space = after(space, space_before);
    edges_[block].starts = ~space & inside & (alone | after(alone, alone_before) | after_space);
    edges_[block].all = edges_[block].starts | (space & inside & ~after_space);
    alone_before = alone;
    space_before = space;
  }
}

}  // namespace lumi::metrics
