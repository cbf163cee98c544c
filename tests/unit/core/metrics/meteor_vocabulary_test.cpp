#include "core/metrics/meteor_vocabulary.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

namespace {

using lumi::metrics::MeteorVocabulary;
using namespace std::string_literals;

// Words about as long as a key, that differ in one byte, that end in a NUL, and some beyond ASCII.
std::vector<std::string> similar_words() {
  std::vector<std::string> words = {
      ""s, "\0"s, "\0\0"s, "a\0"s, "a\0b"s, "\xC3\xA9"s, "abcdefg\xC3\xA9"s, "abcdefgh\0"s};
  for (const auto length : {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 18, 24, 25, 100}) {
    const std::string word(static_cast<std::size_t>(length), 'x');
    words.push_back(word);
    for (const std::size_t at : {std::size_t{0}, word.size() / 2, word.size() - 1}) {
      auto other = word;
      other[at] = 'y';
      words.push_back(other);
    }
  }
  return words;
}

}  // namespace

TEST_CASE("different words have different numbers, the same word always the same") {
  MeteorVocabulary vocabulary(nullptr);
  std::map<std::string, MeteorVocabulary::Id> numbers;
  for (const auto& word : similar_words()) {
    const auto id = vocabulary.add(word);
    CHECK(numbers.try_emplace(word, id).first->second == id);
  }
  CHECK(vocabulary.size() == numbers.size());
  for (const auto& number : numbers) {
    CAPTURE(number.first);
    CHECK(vocabulary.add(number.first) == number.second);
  }
}

TEST_CASE("a token has the number of its lower case, wherever it stands") {
  MeteorVocabulary vocabulary(nullptr);
  for (const auto* word : {"a", "dog", "sentence", "sentences", "zugzwang_z@[`{9", "incomprehensibilities"}) {
    const auto id = vocabulary.add(word);
    std::string upper = word;
    for (auto& c : upper) {
      c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    for (const auto* after : {"", " ", " more than sixteen bytes follow"}) {
      const auto text = "before " + upper + after;
      const auto token = std::string_view(text).substr(7, upper.size());
      CAPTURE(text);
      CHECK(vocabulary.add(token, text) == id);
    }
  }
}

TEST_CASE("numbers stay what they are while the vocabulary grows") {
  constexpr int k_words = 100'000;
  MeteorVocabulary vocabulary(nullptr);
  for (int i = 0; i < k_words; ++i) {
    vocabulary.add("word" + std::to_string(i));
  }
  for (int i = 0; i < k_words; i += 997) {
    CHECK(vocabulary.add("WORD" + std::to_string(i)) == static_cast<MeteorVocabulary::Id>(i));
  }
}
