#include "core/metrics/text/word_chunk.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "core/metrics/text/python_text.hpp"
#include "core/metrics/text/word_sign.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lumi::metrics {

namespace {

constexpr std::size_t k_no_match = std::string_view::npos;

constexpr std::array<std::string_view, 4> k_opening_quotes{"\u00AB", "\u201C", "\u2018", "\u201E"};
constexpr std::array<std::string_view, 3> k_closing_quotes{"\u00BB", "\u201D", "\u2019"};

char at_or_end(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }

/// The length of the run of the byte at `at`.
std::size_t run_length(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(text[at], at), text.size()) - at;
}

/// The length of the quote of `quotes` at `at`, or 0.
template <std::size_t size>
std::size_t quote_length(const std::array<std::string_view, size>& quotes, std::string_view text, std::size_t at) {
  if (text[at] != '\xC2' && text[at] != '\xE2') {
    return 0;
  }
  for (const auto quote : quotes) {
    if (text.substr(at, quote.size()) == quote) {
      return quote.size();
    }
  }
  return 0;
}

/// Whether a character of a regular expression's `\w` ends right before `at`.
bool is_word_before(std::string_view text, std::size_t at) {
  if (at == 0) {
    return false;
  }
  do {
    --at;
  } while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return python::is_word(next_code_point(text, at));
}

/// Whether a character of a regular expression's `\w` starts at `at`.
bool is_word_at(std::string_view text, std::size_t at) {
  return at < text.size() && python::is_word(next_code_point(text, at));
}

/// A letter as an expression that ignores case compares it; every other character is 0.
char fold(char32_t c) {
  if (c < 0x80) {
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z' ? lower : '\0';
  }
  return c == 0x130 || c == 0x131 ? 'i' : c == 0x17F ? 's' : c == 0x212A ? 'k' : '\0';
}

// --- The rules, each over the whole text, in NLTK's order ---

/// Opening quotes and runs of backticks stand alone; backticks go in pairs.
void space_opening_quotes(std::string_view text, Edits& edits) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t quote = quote_length(k_opening_quotes, text, at);
    if (quote > 0) {
      edits.space_around(at, quote);
      at += quote;
    } else if (text[at] == '`') {
      edits.insert_space(at);
      for (std::size_t left = run_length(text, at); left > 0;) {
        const std::size_t length = std::min<std::size_t>(left, 2);
        at += length;
        left -= length;
        edits.insert_space(at);
      }
    } else {
      ++at;
    }
  }
}

/// A quotation mark at the start of the text becomes two backticks.
void replace_first_quote(std::string_view text, Edits& edits) {
  if (text.front() == '"') {
    edits.replace(0, 1, " `` ");
  }
}

/// A quotation mark or two apostrophes after a space or an opening bracket become two backticks.
void replace_opening_quotes(std::string_view text, Edits& edits) {
  constexpr std::string_view k_before = " ([{<";
  for (std::size_t at = 1; at < text.size(); ++at) {
    const std::size_t length = text[at] == '"' ? 1 : text[at] == '\'' && at_or_end(text, at + 1) == '\'' ? 2 : 0;
    if (length > 0 && k_before.find(text[at - 1]) != k_no_match) {
      edits.replace(at, length, " `` ");
      at += length - 1;
    }
  }
}

/// An apostrophe before a single letter that is no ending like 's stands apart from it.
void part_apostrophe_from_letter(std::string_view text, Edits& edits) {
  constexpr std::string_view k_endings = "mtsdn";
  for (std::size_t at = 0; (at = text.find('\'', at)) != k_no_match; ++at) {
    std::size_t next = at + 1;
    if (next == text.size()) {
      return;
    }
    const char32_t letter = next_code_point(text, next);
    if (python::is_word(letter) && !is_word_at(text, next) && k_endings.find(fold(letter)) == k_no_match) {
      edits.insert_space(at + 1);
    }
  }
}

/// The last period stands alone, and so do the brackets and quotes after it.
void part_final_period(std::string_view text, Edits& edits) {
  edits.space_around(text.rfind('.'), 1);
  edits.insert_space(text.size());
}

/// Commas and colons stand alone unless a digit follows.
void space_commas(std::string_view text, Edits& edits) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    if (word_sign::of(text[at]) != word_sign::comma ||
        (next < text.size() && python::is_decimal(next_code_point(text, next)))) {
      ++at;
      continue;
    }
    edits.space_around(at, 1);
    at = next;  // what follows is spent: a second comma is not looked at
  }
}

/// Runs of periods and the marks ; @ # $ % & ? ! stand alone.
void space_marks(std::string_view text, Edits& edits) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = text[at] == '.' ? run_length(text, at) : 1;
    if (length > 1 || word_sign::of(text[at]) == word_sign::mark) {
      edits.space_around(at, length);
    }
    at += length;
  }
}

/// An apostrophe before a space stands alone, unless another one is before it.
void part_closing_apostrophe(std::string_view text, Edits& edits) {
  for (std::size_t at = 0; (at = text.find("' ", at)) != k_no_match; ++at) {
    if (at > 0 && text[at - 1] != '\'') {
      edits.insert_space(at);
    }
  }
}

/// Asterisks, brackets, double dashes and closing quotes stand alone; a quotation mark becomes two apostrophes.
void space_brackets(std::string_view text, Edits& edits) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t length = quote_length(k_closing_quotes, text, at);
    if (word_sign::of(c) == word_sign::bracket) {
      length = 1;
    } else if ((c == '-' || c == '\'') && at_or_end(text, at + 1) == c) {
      length = 2;
    }
    if (length > 0) {
      edits.space_around(at, length);
    } else if (c == '"') {
      edits.replace(at, 1, " '' ");
    }
    at += std::max<std::size_t>(length, 1);
  }
}

bool can_part(std::string_view text, std::size_t at) { return at > 0 && text[at - 1] != '\'' && text[at - 1] != ' '; }

/// The endings 's 'm 'd and a bare apostrophe before a space stand apart.
void part_short_endings(std::string_view text, Edits& edits) {
  constexpr std::string_view k_letters = "sSmMdD";
  for (std::size_t at = 0; (at = text.find('\'', at)) != k_no_match; ++at) {
    const char next = at_or_end(text, at + 1);
    if (can_part(text, at) && (next == ' ' || (k_letters.find(next) != k_no_match && at_or_end(text, at + 2) == ' '))) {
      edits.insert_space(at);
    }
  }
}

/// The endings 'll 're 've n't before a space stand apart, all small or all capital.
void part_long_endings(std::string_view text, Edits& edits) {
  constexpr std::array<std::string_view, 6> k_endings{"'ll ", "'LL ", "'re ", "'RE ", "'ve ", "'VE "};
  for (std::size_t at = 0; (at = text.find('\'', at)) != k_no_match; ++at) {
    const auto ending = text.substr(at, 4);
    if (can_part(text, at) && std::find(k_endings.begin(), k_endings.end(), ending) != k_endings.end()) {
      edits.insert_space(at);
    }
    const auto negation = at > 0 ? text.substr(at - 1, 4) : std::string_view();
    if ((negation == "n't " || negation == "N'T ") && can_part(text, at - 1)) {
      edits.insert_space(at - 1);
    }
  }
}

/// A word that counts as two; the second starts at `split`.
struct Contraction {
  std::string_view word;
  std::size_t split;
};

constexpr std::array<Contraction, 8> k_contractions{
    {{"cannot", 3}, {"d'ye", 1}, {"gimme", 3}, {"gonna", 3}, {"gotta", 3}, {"lemme", 3}, {"more'n", 4}, {"wanna", 3}}};
constexpr Contraction k_tis{"'tis", 2};
constexpr Contraction k_twas{"'twas", 2};

/// Where a contraction stands in a text: its three edges.
struct Parts {
  std::size_t begin = k_no_match;
  std::size_t split = 0;
  std::size_t end = 0;
};

/// Compares ignoring case; nothing unless the match ends at the edge of a word.
Parts match_contraction(const Contraction& contraction, std::string_view text, std::size_t at) {
  Parts parts{at, 0, at};
  for (std::size_t i = 0; i < contraction.word.size(); ++i) {
    parts.split = i == contraction.split ? parts.end : parts.split;
    if (parts.end == text.size()) {
      return {};
    }
    const char expected = contraction.word[i];
    const char32_t c = next_code_point(text, parts.end);
    if (expected == '\'' ? c != '\'' : fold(c) != expected) {
      return {};
    }
  }
  if (is_word_at(text, parts.end)) {
    return {};
  }
  return parts;
}

/// The contraction that the word at `at` is.
Parts contraction_at(std::string_view text, std::size_t at) {
  if (!starts_contraction(text[at])) {
    return {};
  }
  const char first = static_cast<char>(text[at] | 0x20);
  for (const auto& contraction : k_contractions) {
    if (first != contraction.word.front() || is_word_before(text, at)) {
      continue;
    }
    const auto parts = match_contraction(contraction, text, at);
    // "wanna" needs white space after it, and the text ends where white space is.
    const bool is_before_space = parts.end == text.size() || text[parts.end] == ' ' || text[parts.end] == '\n';
    if (parts.begin != k_no_match && (contraction.word != "wanna" || is_before_space)) {
      return parts;
    }
  }
  return {};
}

void part(const Parts& parts, Edits& edits) {
  edits.insert_space(parts.begin);
  edits.insert_space(parts.split);
  edits.insert_space(parts.end);
}

void part_contractions(std::string_view text, Edits& edits) {
  for (std::size_t at = 0; at < text.size();) {
    const auto parts = contraction_at(text, at);
    if (parts.begin == k_no_match) {
      ++at;
    } else {
      part(parts, edits);
      at = parts.end;
    }
  }
}

/// The same for one that starts with an apostrophe after a space.
void part_after_space(const Contraction& contraction, std::string_view text, Edits& edits) {
  for (std::size_t at = 0; (at = text.find(" '", at)) != k_no_match; ++at) {
    const auto parts = match_contraction(contraction, text, at + 1);
    if (parts.begin != k_no_match) {
      part(parts, edits);
      at = parts.end - 1;
    }
  }
}

void part_tis(std::string_view text, Edits& edits) { part_after_space(k_tis, text, edits); }

void part_twas(std::string_view text, Edits& edits) { part_after_space(k_twas, text, edits); }

}  // namespace

void ChunkRules::run_if(bool is_needed, Rule rule) {
  if (!is_needed) {
    return;
  }
  changed_.clear();
  Edits edits(text_, changed_);
  rule(text_, edits);
  if (edits.finish()) {
    text_.swap(changed_);
  }
}

std::string_view ChunkRules::apply(const WordChunk& chunk) {
  if (chunk.text.size() > k_longest_known) {
    run_rules(chunk);
    return text_;
  }
  const unsigned surroundings = static_cast<unsigned>(chunk.before) << 16 | static_cast<unsigned>(chunk.after) << 8 |
                                (chunk.ends_sentence ? 1U : 0U);
  auto& known = known_[(hash_word(chunk.text) + surroundings) % k_known_chunks];
  if (known.text != chunk.text || known.surroundings != surroundings) {
    run_rules(chunk);
    known.text = chunk.text;
    known.surroundings = surroundings;
    known.words = text_;
  }
  return known.words;
}

void ChunkRules::run_rules(const WordChunk& chunk) {
  const auto has = [&](unsigned signs) { return (chunk.signs & signs) != 0; };
  const bool has_apostrophe = has(word_sign::apostrophe);
  text_.clear();
  if (chunk.before != Beside::nothing) {
    text_ += static_cast<char>(chunk.before);
  }
  text_ += chunk.text;
  if (chunk.after != Beside::nothing) {
    text_ += static_cast<char>(chunk.after);
  }
  run_if(has(word_sign::backtick | word_sign::non_ascii), space_opening_quotes);
  run_if(has(word_sign::quote) && chunk.before == Beside::nothing, replace_first_quote);
  run_if(has(word_sign::quote | word_sign::apostrophe), replace_opening_quotes);
  run_if(has_apostrophe, part_apostrophe_from_letter);
  run_if(chunk.ends_sentence, part_final_period);
  run_if(has(word_sign::comma), space_commas);
  run_if(has(word_sign::mark | word_sign::period), space_marks);
  run_if(has_apostrophe, part_closing_apostrophe);
  run_if(has(word_sign::bracket | word_sign::hyphen | word_sign::quote | word_sign::apostrophe | word_sign::non_ascii),
         space_brackets);
  if (chunk.before == Beside::nothing) {
    text_.insert(0, 1, ' ');
  }
  if (chunk.after == Beside::nothing) {
    text_ += ' ';
  }
  run_if(has_apostrophe, part_short_endings);
  run_if(has_apostrophe, part_long_endings);
  run_if(true, part_contractions);
  run_if(has_apostrophe, part_tis);
  run_if(has_apostrophe, part_twas);
}

bool starts_contraction(char c) {
  constexpr std::uint32_t k_letters = [] {
    std::uint32_t letters = 0;
    for (const auto& contraction : k_contractions) {
      letters |= 1U << (contraction.word.front() - 'a');
    }
    return letters;
  }();
  const auto letter = static_cast<unsigned char>((c | 0x20) - 'a');
  return letter < 26 && (k_letters >> letter & 1U) != 0;
}

bool has_contraction(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (contraction_at(text, at).begin != k_no_match) {
      return true;
    }
  }
  return false;
}

}  // namespace lumi::metrics
