#include "core/metrics/text/word_tokenizer.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using lumi::metrics::WordTokenizer;
using Words = std::vector<std::string>;

Words cut(WordTokenizer& tokenizer, const std::string& sentence) {
  Words words;
  tokenizer.for_each_word(sentence, [&](std::string_view word) { words.emplace_back(word); });
  return words;
}

Words cut(const std::string& sentence) {
  WordTokenizer tokenizer;
  return cut(tokenizer, sentence);
}

}  // namespace

TEST_CASE("words are NLTK's for every text") {
  const auto vectors = lumi::test::load_vectors("nltk.json");
  CHECK(vectors["texts"].size() > 400);
  WordTokenizer tokenizer;
  for (const auto& row : vectors["texts"]) {
    const auto text = row[0].get<std::string>();
    CAPTURE(text);
    CHECK(cut(tokenizer, text) == row[3].get<Words>());
  }
}

TEST_CASE("the period that ends a sentence is a word of its own, others are not") {
  CHECK(cut("Mr. Smith left.") == Words{"Mr.", "Smith", "left", "."});
  CHECK(cut("left.\" ) ") == Words{"left", ".", "''", ")"});
  CHECK(cut("left. \"") == Words{"left.", "``"});
  CHECK(cut("left..") == Words{"left", ".."});
}

TEST_CASE("the same chunk has other words elsewhere") {
  WordTokenizer tokenizer;
  CHECK(cut(tokenizer, "it's") == Words{"it", "'s"});
  CHECK(cut(tokenizer, "it's\nx") == Words{"it's", "x"});
  CHECK(cut(tokenizer, "it's x") == Words{"it", "'s", "x"});
  CHECK(cut(tokenizer, "\"a\" \"a\"\n\"a\"") == Words{"``", "a", "''", "``", "a", "''", "''", "a", "''"});
  CHECK(cut(tokenizer, "(x.) (x.)") == Words{"(", "x.", ")", "(", "x", ".", ")"});
}

TEST_CASE("contractions in any case, at the edges of words only") {
  CHECK(cut("CANNOT cannot, wanna\twanna") == Words{"CAN", "NOT", "can", "not", ",", "wan", "na", "wan", "na"});
  CHECK(cut("cannots gottago _cannot") == Words{"cannots", "gottago", "_cannot"});
  CHECK(cut("gonna/gotta") == Words{"gon", "na", "/", "got", "ta"});
}

TEST_CASE("long runs take linear time") {
  constexpr std::size_t k_length = 300'000;
  for (const std::string unit : {"'", "\"", "`", ".", ",", "-", "a'", "'s", "cannot", " '", "('"}) {
    std::string text;
    while (text.size() < k_length) {
      text += unit;
    }
    CAPTURE(unit);
    CHECK_FALSE(cut(text).empty());
  }
}
