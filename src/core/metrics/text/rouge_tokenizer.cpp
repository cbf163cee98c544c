#include "core/metrics/text/rouge_tokenizer.hpp"

#include "core/metrics/text/porter_stemmer.hpp"

#include <array>

namespace lumi::metrics {

namespace {

constexpr std::size_t k_longest_unstemmed = 3;

// What bytes do that are not part of a token.
constexpr char k_separator = 0;
constexpr char k_newline = 1;
constexpr char k_wide = 2;  // may start one of the two characters whose lower case holds an ASCII letter

constexpr std::array<char, 256> make_lower_table() {
  std::array<char, 256> table{};
  for (unsigned char c = '0'; c <= '9'; ++c) {
    table[c] = static_cast<char>(c);
  }
  for (unsigned char c = 'a'; c <= 'z'; ++c) {
    table[c] = static_cast<char>(c);
    table[c - 'a' + 'A'] = static_cast<char>(c);
  }
  table['\n'] = k_newline;
  table[0xC4] = k_wide;
  table[0xE2] = k_wide;
  return table;
}

constexpr auto k_lower = make_lower_table();

constexpr bool is_token_character(char lower) { return lower > k_wide; }

/// The state of one text's tokenisation.
class Cutter {
public:
  Cutter(Stemming stemming, TokenTable& table, RougeTokens& out)
      : stemming_(stemming), table_(table), out_(out), token_(out.bytes.data()), end_(token_) {}

  void cut(std::string_view text);

private:
  void end_token();
  std::size_t take_wide(std::string_view rest);

  Stemming stemming_;
  TokenTable& table_;
  RougeTokens& out_;
  char* token_;  // where the token being read starts
  char* end_;    // where its next character goes
};

void Cutter::end_token() {
  auto length = static_cast<std::size_t>(end_ - token_);
  if (length == 0) {
    return;
  }
  if (stemming_ == Stemming::yes && length > k_longest_unstemmed) {
    length = stem_porter_ascii(token_, length);
  }
  out_.ids.push_back(table_.intern(token_, length));
  token_ = end_;
}

/// Handles the dotted capital I, whose lower case is an i with a mark, and the Kelvin sign, whose lower case is a k;
/// returns how many bytes of `rest` are done.
std::size_t Cutter::take_wide(std::string_view rest) {
  if (rest.starts_with("\u0130")) {
    *end_++ = 'i';
    end_token();
    return 2;
  }
  if (rest.starts_with("\u212A")) {
    *end_++ = 'k';
    return 3;
  }
  end_token();
  return 1;
}

void Cutter::cut(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char lower = k_lower[static_cast<unsigned char>(text[at])];
    if (is_token_character(lower)) {
      *end_++ = lower;
      ++at;
    } else if (lower == k_wide) {
      at += take_wide(text.substr(at));
    } else {
      end_token();
      if (lower == k_newline) {
        out_.line_ends.push_back(out_.ids.size());
      }
      ++at;
    }
  }
  end_token();
  if (!out_.line_ends.empty()) {
    out_.line_ends.push_back(out_.ids.size());
  }
}

}  // namespace

void tokenize_for_rouge(std::string_view text, Stemming stemming, TokenTable& table, RougeTokens& out) {
  out.ids.clear();
  out.line_ends.clear();
  // No token needs more bytes than its text: lower case never grows here.
  if (out.bytes.size() < text.size() + TokenTable::k_padding) {
    out.bytes.resize(text.size() + TokenTable::k_padding);
  }
  Cutter(stemming, table, out).cut(text);
}

}  // namespace lumi::metrics
