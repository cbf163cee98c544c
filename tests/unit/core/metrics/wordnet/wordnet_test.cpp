#include "core/metrics/wordnet/wordnet.hpp"
#include "support/metric_data.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using namespace lumi;
using Names = std::vector<std::string>;

Names synonyms(metrics::SynonymFinder& finder, const metrics::WordNet& wordnet, const std::string& word) {
  Names names;
  for (const auto id : finder.find(word)) {
    names.emplace_back(wordnet.name(id));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Names synonyms(const std::string& word) {
  const auto wordnet = test::shared_wordnet();
  metrics::SynonymFinder finder(*wordnet);
  return synonyms(finder, *wordnet, word);
}

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

TEST_CASE("synonyms are NLTK's") {
  const auto wordnet = test::shared_wordnet();
  metrics::SynonymFinder finder(*wordnet);
  auto vectors = test::load_vectors("synonyms.json");
  CHECK(vectors.size() == 222);
  const auto more = test::load_vectors("nltk.json")["synonyms"];
  vectors.insert(vectors.end(), more.begin(), more.end());
  for (const auto& row : vectors) {
    const auto word = row[0].get<std::string>();
    auto expected = row[1].get<Names>();
    std::sort(expected.begin(), expected.end());
    CAPTURE(word);
    CHECK(synonyms(finder, *wordnet, word) == expected);
  }
}

TEST_CASE("synonyms of inflected forms") {
  CHECK(has(synonyms("aardwolves"), "aardwolf"));
  CHECK(has(synonyms("went"), "travel"));     // an exception
  CHECK(has(synonyms("physicians"), "doc"));  // a rule
  CHECK(has(synonyms("dogsss"), "hound"));    // a rule again and again, until there is a word
  CHECK(synonyms("qwertyuiop").empty());
  CHECK(synonyms("").empty());
  CHECK(synonyms("caf\u00E9s").empty());
}

TEST_CASE("names keep their capitals and their marks are gone") {
  CHECK(has(synonyms("paris"), "Paris"));
  for (const auto& name : synonyms("available")) {
    CHECK(name.find('(') == std::string::npos);
  }
  CHECK(has(synonyms("hot_dog"), "weenie"));
  CHECK_FALSE(has(synonyms("frank"), "hot_dog"));
}

TEST_CASE("numbers of words and of names") {
  const auto wordnet = test::shared_wordnet();
  const auto dog = wordnet->find("dog");
  REQUIRE(dog);
  CHECK(wordnet->name(*dog) == "dog");
  CHECK(wordnet->is_lower(*dog));
  CHECK_FALSE(wordnet->find("Paris"));
  CHECK_FALSE(wordnet->find(""));
  CHECK_FALSE(wordnet->find(std::string(100'000, 'a')));
  metrics::SynonymFinder finder(*wordnet);
  for (const auto id : finder.find("paris")) {
    const auto name = wordnet->name(id);
    const bool has_capital = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    CHECK(wordnet->is_lower(id) != has_capital);
  }
}

TEST_CASE("words that rules could take apart for ever") {
  std::string word;
  for (int i = 0; i < 50'000; ++i) {
    word += "ses";
  }
  CHECK(synonyms(word) == synonyms("sesses"));
  CHECK(has(synonyms("dog" + std::string(100'000, 's')), "hound"));
  CHECK(synonyms(std::string(100'000, 'e')).empty());
}
