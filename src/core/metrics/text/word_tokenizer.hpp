#pragma once
#include "core/metrics/text/python_text.hpp"
#include "core/metrics/text/word_chunk.hpp"
#include "core/metrics/text/word_sign.hpp"

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
  static std::size_t split_of(std::string_view word);
  static bool is_two_words(std::string_view word);

  template <class Take>
  static void take_plain(std::string_view word, Take& take);
  template <class Take>
  static std::size_t take_usual(std::string_view sentence, std::size_t start, const End& end, Take& take);
  template <class Take>
  static bool take_whole(std::string_view chunk, unsigned signs, bool ends_sentence, Take& take);

  ChunkRules rules_;
};

// --- Implementation ---

inline bool WordTokenizer::is_two_words(std::string_view word) {
  return (word.size() == 5 || word.size() == 6) && starts_contraction(word.front()) && split_of(word) > 0;
}

template <class Take>
void WordTokenizer::take_plain(std::string_view word, Take& take) {
  if (is_two_words(word)) {
    const std::size_t split = split_of(word);
    take(word.substr(0, split));
    take(word.substr(split));
  } else {
    take(word);
  }
}

/// Takes the words of a chunk of the most usual kinds, a word and at most one mark after it, if one begins at `start`.
/// Returns where it ends, or `start`.
template <class Take>
std::size_t WordTokenizer::take_usual(std::string_view sentence, std::size_t start, const End& end, Take& take) {
  const auto is_end = [&](std::size_t at) { return at == sentence.size() || sentence[at] == ' '; };
  const std::size_t at = word_sign::word_end(sentence, start);
  const auto word = sentence.substr(start, at - start);
  if (word.empty()) {
    return start;
  }
  if (is_end(at)) {
    take_plain(word, take);
    return at;
  }
  if (!is_end(at + 1)) {
    return start;
  }
  const unsigned sign = word_sign::of(sentence[at]);
  if (sign == word_sign::comma || sign == word_sign::mark || (sign == word_sign::period && at == end.period)) {
    take_plain(word, take);
    take(sentence.substr(at, 1));
    return at + 1;
  }
  if (sign == word_sign::period && !is_two_words(word)) {
    take(sentence.substr(start, at + 1 - start));
    return at + 1;
  }
  return start;
}

/// Takes a chunk that no rule is about.
template <class Take>
bool WordTokenizer::take_whole(std::string_view chunk, unsigned signs, bool ends_sentence, Take& take) {
  const bool is_whole = !ends_sentence && is_plain(chunk, signs);
  if (is_whole) {
    take(chunk);
  }
  return is_whole;
}

template <class Take>
void WordTokenizer::for_each_word(std::string_view sentence, Take&& take) {
  const End end = find_end(sentence);
  std::size_t at = 0;
  while (at < sentence.size()) {
    const std::size_t start = at;
    at = take_usual(sentence, start, end, take);
    if (at > start) {
      ++at;
      continue;
    }
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
      if (!take_whole(chunk, signs, ends_sentence, take)) {
        const auto words =
            rules_.apply({chunk, signs, before(sentence, start), after(sentence, at, end), ends_sentence});
        python::for_each_word(words, take);
      }
    }
    at += space_bytes > 0 ? space_bytes : 1;
  }
}

}  // namespace lumi::metrics
