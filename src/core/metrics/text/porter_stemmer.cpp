#include "core/metrics/text/porter_stemmer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace lumi::metrics {

namespace {

/// A suffix and what takes its place.
struct Rule {
  std::string_view suffix;
  std::string_view replacement;
};

/// Words that the rules would spoil.
constexpr std::array<Rule, 16> k_irregular{{{"sky", "sky"},
                                            {"skies", "sky"},
                                            {"dying", "die"},
                                            {"lying", "lie"},
                                            {"tying", "tie"},
                                            {"news", "news"},
                                            {"innings", "inning"},
                                            {"inning", "inning"},
                                            {"outings", "outing"},
                                            {"outing", "outing"},
                                            {"cannings", "canning"},
                                            {"canning", "canning"},
                                            {"howe", "howe"},
                                            {"proceed", "proceed"},
                                            {"exceed", "exceed"},
                                            {"succeed", "succeed"}}};

constexpr std::array<Rule, 4> k_plurals{{{"sses", "ss"}, {"ies", "i"}, {"ss", "ss"}, {"s", ""}}};

constexpr std::array<Rule, 21> k_double_suffixes{
    {{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
     {"bli", "ble"},     {"alli", "al"},     {"entli", "ent"}, {"eli", "e"},     {"ousli", "ous"},
     {"ization", "ize"}, {"ation", "ate"},   {"ator", "ate"},  {"alism", "al"},  {"iveness", "ive"},
     {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},  {"iviti", "ive"}, {"biliti", "ble"},
     {"fulli", "ful"}}};

constexpr std::array<Rule, 7> k_adjectival{
    {{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""}}};

constexpr std::array<Rule, 19> k_residual{{{"al", ""},
                                           {"ance", ""},
                                           {"ence", ""},
                                           {"er", ""},
                                           {"ic", ""},
                                           {"able", ""},
                                           {"ible", ""},
                                           {"ant", ""},
                                           {"ement", ""},
                                           {"ment", ""},
                                           {"ent", ""},
                                           {"ion", ""},
                                           {"ou", ""},
                                           {"ism", ""},
                                           {"ate", ""},
                                           {"iti", ""},
                                           {"ous", ""},
                                           {"ive", ""},
                                           {"ize", ""}}};

/// For each letter, which entries of a table it can concern: bit i stands for entry i.
using LetterIndex = std::array<std::uint32_t, 256>;

/// Indexes a table by a letter of its entries.
template <class Table, class Letter>
constexpr LetterIndex index_by(const Table& table, Letter letter_of) {
  LetterIndex index{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    index[static_cast<unsigned char>(letter_of(table[i]))] |= std::uint32_t{1} << i;
  }
  return index;
}

constexpr char first_letter(const Rule& rule) { return rule.suffix.front(); }
constexpr char last_letter(const Rule& rule) { return rule.suffix.back(); }

constexpr auto k_irregular_by_first = index_by(k_irregular, first_letter);
constexpr auto k_double_suffixes_by_last = index_by(k_double_suffixes, last_letter);
constexpr auto k_adjectival_by_last = index_by(k_adjectival, last_letter);
constexpr auto k_residual_by_last = index_by(k_residual, last_letter);

/// The word while the steps work on it: one byte a letter, bytes from 0x80 on being letters outside ASCII.
class Word {
public:
  Word(char* letters, std::size_t length) : letters_(letters), length_(length) {}

  std::size_t length() const { return length_; }
  char last() const { return letters_[length_ - 1]; }
  std::string_view text() const { return {letters_, length_}; }

  bool ends_with(std::string_view suffix) const {
    return length_ >= suffix.size() &&
           std::equal(suffix.rbegin(), suffix.rend(), std::reverse_iterator(letters_ + length_));
  }

  void replace_end(std::size_t removed, std::string_view replacement) {
    length_ -= removed;
    std::copy(replacement.begin(), replacement.end(), letters_ + length_);
    length_ += replacement.size();
  }

  bool is_consonant(std::size_t at) const {
    std::size_t first = at;
    while (letters_[first] == 'y' && first > 0) {
      --first;
    }
    // In a run of y every second one is a vowel, starting from the class of the letter before the run.
    const bool consonant = !is_vowel_letter(letters_[first]);
    return ((at - first) % 2 == 0) == consonant;
  }

  /// Whether a vowel is followed by a consonant more than `limit` times in the first `length` letters (Porter's m).
  bool measure_exceeds(std::size_t length, int limit) const {
    bool after_vowel = false;
    bool after_consonant = false;
    for (std::size_t i = 0; i < length; ++i) {
      const bool vowel = is_vowel_letter(letters_[i]) || (letters_[i] == 'y' && after_consonant);
      if (after_vowel && !vowel && --limit < 0) {
        return true;
      }
      after_vowel = vowel;
      after_consonant = !vowel;
    }
    return false;
  }

  bool has_vowel(std::size_t length) const {
    for (std::size_t i = 0; i < length; ++i) {
      // A y that is not the first letter either is a vowel or follows one.
      if (is_vowel_letter(letters_[i]) || (letters_[i] == 'y' && i > 0)) {
        return true;
      }
    }
    return false;
  }

  bool ends_in_double_consonant() const {
    return length_ >= 2 && last() == letters_[length_ - 2] && is_consonant(length_ - 1);
  }

  /// Porter's *o for the first `length` letters: they end like "hop" or "fil"; also two letters like "ob".
  bool ends_short(std::size_t length) const {
    if (length == 2) {
      return !is_consonant(0) && is_consonant(1);
    }
    if (length < 3) {
      return false;
    }
    const char end = letters_[length - 1];
    return is_consonant(length - 3) && !is_consonant(length - 2) && is_consonant(length - 1) && end != 'w' &&
           end != 'x' && end != 'y';
  }

private:
  static bool is_vowel_letter(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

  char* letters_;
  std::size_t length_;
};

/// The first rule whose suffix the word has, or null.
template <std::size_t count>
const Rule* find_rule(const Word& word, const std::array<Rule, count>& rules, const LetterIndex& by_last_letter) {
  for (auto left = by_last_letter[static_cast<unsigned char>(word.last())]; left != 0; left &= left - 1) {
    const Rule& rule = rules[static_cast<std::size_t>(std::countr_zero(left))];
    if (word.ends_with(rule.suffix)) {
      return &rule;
    }
  }
  return nullptr;
}

/// Applies the first rule whose suffix fits, if the rest has a measure above 0; no later rule is tried.
template <std::size_t count>
void apply_rules(Word& word, const std::array<Rule, count>& rules, const LetterIndex& by_last_letter) {
  const Rule* rule = find_rule(word, rules, by_last_letter);
  if (rule != nullptr && word.measure_exceeds(word.length() - rule->suffix.size(), 0)) {
    word.replace_end(rule->suffix.size(), rule->replacement);
  }
}

void strip_plural(Word& word) {
  if (word.last() != 's') {
    return;
  }
  if (word.length() == 4 && word.ends_with("ies")) {
    word.replace_end(1, "");
    return;
  }
  for (const auto& rule : k_plurals) {
    if (word.ends_with(rule.suffix)) {
      word.replace_end(rule.suffix.size(), rule.replacement);
      return;
    }
  }
}

/// Makes the rest after a removed "ed" or "ing" a word again: "hopp" is "hop", "fil" is "file".
void mend_stem(Word& word) {
  if (word.ends_with("at") || word.ends_with("bl") || word.ends_with("iz")) {
    word.replace_end(0, "e");
  } else if (word.ends_in_double_consonant()) {
    const char end = word.last();
    if (end != 'l' && end != 's' && end != 'z') {
      word.replace_end(1, "");
    }
  } else if (word.ends_with("*d")) {
    // NLTK's name for the rule above also matches as a suffix of the text.
    word.replace_end(2, "d");
  } else if (word.measure_exceeds(word.length(), 0) && !word.measure_exceeds(word.length(), 1) &&
             word.ends_short(word.length())) {
    word.replace_end(0, "e");
  }
}

void strip_participle(Word& word) {
  if (word.ends_with("ied")) {
    word.replace_end(word.length() == 4 ? 1 : 2, "");
  } else if (word.ends_with("eed")) {
    if (word.measure_exceeds(word.length() - 3, 0)) {
      word.replace_end(1, "");
    }
  } else {
    const std::size_t suffix = word.ends_with("ed") ? 2 : word.ends_with("ing") ? 3 : 0;
    if (suffix != 0 && word.has_vowel(word.length() - suffix)) {
      word.replace_end(suffix, "");
      mend_stem(word);
    }
  }
}

void soften_y(Word& word) {
  if (word.last() == 'y' && word.length() > 2 && word.is_consonant(word.length() - 2)) {
    word.replace_end(1, "i");
  }
}

void strip_double_suffix(Word& word) {
  if (word.ends_with("alli") && word.measure_exceeds(word.length() - 4, 0)) {
    word.replace_end(2, "");  // and the word may now end in "ational"
  }
  if (word.ends_with("logi")) {
    if (word.measure_exceeds(word.length() - 3, 0)) {
      word.replace_end(1, "");
    }
    return;
  }
  apply_rules(word, k_double_suffixes, k_double_suffixes_by_last);
}

void strip_residual_suffix(Word& word) {
  const Rule* rule = find_rule(word, k_residual, k_residual_by_last);
  if (rule == nullptr) {
    return;
  }
  const std::size_t rest = word.length() - rule->suffix.size();
  const char before = rest > 0 ? word.text()[rest - 1] : '\0';
  if (word.measure_exceeds(rest, 1) && (rule->suffix != "ion" || before == 's' || before == 't')) {
    word.replace_end(rule->suffix.size(), "");
  }
}

void strip_final_e(Word& word) {
  if (word.last() != 'e') {
    return;
  }
  const std::size_t rest = word.length() - 1;
  if (word.measure_exceeds(rest, 1) || (word.measure_exceeds(rest, 0) && !word.ends_short(rest))) {
    word.replace_end(1, "");
  }
}

void strip_double_l(Word& word) {
  if (word.ends_with("ll") && word.measure_exceeds(word.length() - 1, 1)) {
    word.replace_end(1, "");
  }
}

}  // namespace

std::size_t stem_porter_ascii(char* letters, std::size_t length) {
  if (length <= 2) {
    return length;
  }
  Word word(letters, length);
  for (auto left = k_irregular_by_first[static_cast<unsigned char>(letters[0])]; left != 0; left &= left - 1) {
    const Rule& irregular = k_irregular[static_cast<std::size_t>(std::countr_zero(left))];
    if (word.text() == irregular.suffix) {
      word.replace_end(length, irregular.replacement);
      return word.length();
    }
  }
  strip_plural(word);
  strip_participle(word);
  soften_y(word);
  strip_double_suffix(word);
  apply_rules(word, k_adjectival, k_adjectival_by_last);
  strip_residual_suffix(word);
  strip_final_e(word);
  strip_double_l(word);
  return word.length();
}

void stem_porter(std::string& word) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(word.begin(), word.end(), is_ascii)) {
    word.resize(stem_porter_ascii(word.data(), word.size()));
    return;
  }
  // The steps compare neighbours at most, so two stand-ins for all letters outside ASCII are enough.
  constexpr std::array<char, 2> k_stand_ins{'\x80', '\x81'};
  std::string letters;
  std::size_t stand_in = 0;
  std::string_view previous;
  for (std::size_t at = 0; at < word.size();) {
    std::size_t end = at + 1;
    while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) {
      ++end;
    }
    const auto letter = std::string_view(word).substr(at, end - at);
    if (is_ascii(letter.front())) {
      letters += letter.front();
    } else {
      stand_in = letter == previous ? stand_in : 1 - stand_in;
      letters += k_stand_ins[stand_in];
    }
    previous = letter;
    at = end;
  }
  letters.resize(stem_porter_ascii(letters.data(), letters.size()));
  // Up to the last stand-in the word is as it was: the rules only know ASCII suffixes.
  const auto tail = letters.find_last_of(std::string_view(k_stand_ins.data(), k_stand_ins.size())) + 1;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < tail; ++i) {
    ++kept;
    while (kept < word.size() && (static_cast<unsigned char>(word[kept]) & 0xC0) == 0x80) {
      ++kept;
    }
  }
  word.replace(kept, std::string::npos, letters, tail, std::string::npos);
}

}  // namespace lumi::metrics
