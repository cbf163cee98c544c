#include "core/metrics/text/porter_stemmer.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

#include <string>

using lumi::metrics::stem_porter;

TEST_CASE("stems agree with NLTK") {
  const auto vectors = lumi::test::load_vectors("components.json");
  CHECK(vectors["porter"].size() == 1120);
  for (const auto& pair : vectors["porter"]) {
    auto word = pair[0].get<std::string>();
    CAPTURE(word);
    stem_porter(word);
    CHECK(word == pair[1].get<std::string>());
  }
}

TEST_CASE("stems of odd words") {
  // Expected values from nltk 3.8.1.
  const std::vector<std::pair<std::string, std::string>> cases = {{"", ""},
                                                                  {"as", "as"},
                                                                  {"yy", "yy"},
                                                                  {"yyed", "yy"},
                                                                  {"ééed", "ééed"},
                                                                  {"aééed", "aé"},
                                                                  {"aéèed", "aéè"},
                                                                  {"éa", "éa"},
                                                                  {"éas", "éa"},
                                                                  {"oééing", "oé"},
                                                                  {"çies", "çie"},
                                                                  {"aaies", "aai"},
                                                                  {"a*ded", "ad"},
                                                                  {"syzygy", "syzygi"},
                                                                  {"generalli", "gener"},
                                                                  {"aiedizationalli", "aiediz"},
                                                                  {"日本語s", "日本語"},
                                                                  {"naïvenesses", "naïv"},
                                                                  {"ßalogi", "ßalog"}};
  for (const auto& [text, stem] : cases) {
    std::string word(text);
    CAPTURE(word);
    stem_porter(word);
    CHECK(word == stem);
  }
}
