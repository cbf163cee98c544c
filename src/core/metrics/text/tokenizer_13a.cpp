#include "core/metrics/text/tokenizer_13a.hpp"

#include "core/metrics/text/python_text.hpp"

#include <algorithm>
#include <array>

namespace lumi::metrics {

namespace {

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

enum class Kind : unsigned char { other, digit, symbol, stop, hyphen, space, wide };

constexpr std::array<Kind, 256> make_kinds() {
  std::array<Kind, 256> kinds{};
  for (std::size_t c = 0; c <= 0x20; ++c) {
    kinds[c] = python::is_space(static_cast<char32_t>(c)) ? Kind::space : Kind::other;
  }
  for (std::size_t c = 0x21; c < 0x7F; ++c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    kinds[c] = is_letter || c == '\'' ? Kind::other : Kind::symbol;
  }
  for (std::size_t c = '0'; c <= '9'; ++c) {
    kinds[c] = Kind::digit;
  }
  kinds['.'] = Kind::stop;
  kinds[','] = Kind::stop;
  kinds['-'] = Kind::hyphen;
  for (const std::size_t c : {0xC2U, 0xE1U, 0xE2U, 0xE3U}) {
    kinds[c] = Kind::wide;  // may start white space outside ASCII
  }
  return kinds;
}

constexpr auto k_kinds = make_kinds();

class Cutter {
public:
  Cutter(std::string_view text, std::vector<std::string_view>& tokens) : text_(text), tokens_(tokens) {}

  void cut();

private:
  Kind kind_at(std::size_t at) const { return k_kinds[static_cast<unsigned char>(text_[at])]; }
  bool is_digit_at(std::size_t at) const { return at < text_.size() && kind_at(at) == Kind::digit; }

  void end_token() {
    if (at_ > start_) {
      tokens_.push_back(text_.substr(start_, at_ - start_));
    }
    start_ = at_;
  }

  void take_character_alone() {
    end_token();
    ++at_;
    end_token();
  }

  void skip_space();
  void take_stops();

  std::string_view text_;
  std::vector<std::string_view>& tokens_;
  std::size_t start_ = 0;  // of the token being read
  std::size_t at_ = 0;
  bool is_after_digit_ = false;
};

void Cutter::skip_space() {
  const std::size_t space = python::space_length(text_, at_);
  if (space == 0) {
    ++at_;  // a character that only starts like one
    return;
  }
  end_token();
  at_ += space;
  start_ = at_;
}

// A run of full stops and commas. The original takes them in pairs, the first with the character before the run unless
// that is a digit; what is left over at the end stays with a digit that follows.
void Cutter::take_stops() {
  std::size_t end = at_ + 1;
  while (end < text_.size() && kind_at(end) == Kind::stop) {
    ++end;
  }
  const bool is_odd = (end - at_) % 2 == 1;
  const bool stays_with_next = is_odd == is_after_digit_ && is_digit_at(end);
  if (stays_with_next && end - at_ == 1) {
    at_ = end;  // within a number
    return;
  }
  const std::size_t end_of_single = stays_with_next ? end - 1 : end;
  while (at_ < end_of_single) {
    take_character_alone();
  }
  at_ = end;
}

void Cutter::cut() {
  while (at_ < text_.size()) {
    const Kind kind = kind_at(at_);
    if (kind == Kind::other || kind == Kind::digit) {
      ++at_;
    } else if (kind == Kind::space || kind == Kind::wide) {
      skip_space();
    } else if (kind == Kind::stop) {
      take_stops();
    } else if (kind == Kind::symbol || is_after_digit_) {
      take_character_alone();
    } else {
      ++at_;  // a hyphen within a word
    }
    is_after_digit_ = kind == Kind::digit;
  }
  end_token();
}

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

void tokenize_13a(std::string_view prepared, std::vector<std::string_view>& tokens) { Cutter(prepared, tokens).cut(); }

}  // namespace lumi::metrics
