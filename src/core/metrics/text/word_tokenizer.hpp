#pragma once
#include "core/metrics/text/python_text.hpp"
#include "core/metrics/text/word_chunk.hpp"
#include "core/metrics/text/word_sign.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace lumi::metrics {

/// Cuts sentences into words as NLTK 3.8.1's NLTKWordTokenizer does. Holds scratch memory.
class WordTokenizer {
public:
  /// Calls `take(std::string_view)` with each word of `sentence`; the view is good for the call.
  template <class Take>
  void for_each_word(std::string_view sentence, Take&& take);

private:
  /// The period that ends a sentence, and where the white space begins that counts as one space then.
  struct End {
    std::size_t period = std::string_view::npos;
    std::size_t text_end = std::string_view::npos;
  };

  static End find_end(std::string_view sentence);
  static Beside before(std::string_view sentence, std::size_t at);
  static Beside after(std::string_view sentence, std::size_t at, const End& end);
  static bool is_plain(std::string_view chunk, unsigned signs);
  static bool is_word(std::string_view chunk) {
    return std::all_of(chunk.begin(), chunk.end(), [](char c) { return word_sign::of(c) == 0; });
  }
  static std::size_t split_of(std::string_view word);

  template <class Take>
  static void take_plain(std::string_view word, Take& take);
  template <class Take>
  bool take_simple(std::string_view chunk, unsigned signs, bool ends_sentence, Take& take);

  ChunkRules rules_;
};

// --- Implementation ---

template <class Take>
void WordTokenizer::take_plain(std::string_view word, Take& take) {
  const std::size_t split = word.size() == 5 || word.size() == 6 ? split_of(word) : 0;
  if (split == 0) {
    take(word);
  } else {
    take(word.substr(0, split));
    take(word.substr(split));
  }
}

/// Takes the words of a chunk of the usual kinds: a word, a word and the comma or final period after it, or characters
/// that no rule is about.
template <class Take>
bool WordTokenizer::take_simple(std::string_view chunk, unsigned signs, bool ends_sentence, Take& take) {
  if (signs == 0) {
    take_plain(chunk, take);
    return true;
  }
  const auto word = chunk.substr(0, chunk.size() - 1);
  const unsigned mark = ends_sentence ? word_sign::period : word_sign::comma;
  if (signs == mark && !word.empty() && is_word(word)) {
    take_plain(word, take);
    take(chunk.substr(word.size()));
    return true;
  }
  if (!ends_sentence && is_plain(chunk, signs)) {
    take(chunk);
    return true;
  }
  return false;
}

template <class Take>
void WordTokenizer::for_each_word(std::string_view sentence, Take&& take) {
  const End end = find_end(sentence);
  std::size_t at = 0;
  while (at < sentence.size()) {
    const std::size_t start = at;
    unsigned signs = 0;
    std::size_t space_bytes = 0;
    for (; at < sentence.size(); ++at) {
      const unsigned sign = word_sign::of(sentence[at]);
      if (sign == word_sign::space ||
          (sign == word_sign::non_ascii && (space_bytes = python::space_length(sentence, at)) > 0)) {
        break;
      }
      signs |= sign;
    }
    const auto chunk = sentence.substr(start, at - start);
    if (!chunk.empty()) {
      const bool ends_sentence = end.period >= start && end.period < at;
      if (!take_simple(chunk, signs, ends_sentence, take)) {
        const auto words =
            rules_.apply({chunk, signs, before(sentence, start), after(sentence, at, end), ends_sentence});
        python::for_each_word(words, take);
      }
    }
    at += space_bytes > 0 ? space_bytes : 1;
  }
}

}  // namespace lumi::metrics
