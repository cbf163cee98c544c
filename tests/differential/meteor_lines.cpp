// What METEOR makes of JSON Lines, by the data of the places where lumi looks for it ($WNSEARCHDIR, $NLTK_DATA):
// `{"text": TEXT}` gives sentences and words, `{"prediction": TEXT, "reference": TEXT}` how they match, `{"word":
// WORD}` its synonyms. Usage: meteor_lines [PUNKT], a value of the metric's option `punkt`.
#include "core/metrics/meteor.hpp"
#include "core/metrics/nltk_data.hpp"
#include "core/metrics/wordnet/wordnet_cache.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <string>

namespace {

using namespace lumi::metrics;
using Json = nlohmann::ordered_json;

Json cut(const std::string& text, Punkt* punkt, WordTokenizer& tokenizer) {
  Json sentences = Json::array();
  Json words = Json::array();
  const auto take = [&](std::string_view word) { words.push_back(word); };
  if (punkt == nullptr) {
    tokenizer.for_each_word(text, take);
  } else {
    for (const auto sentence : punkt->split(text)) {
      sentences.push_back(sentence);
      tokenizer.for_each_word(sentence, take);
    }
  }
  return {{"sentences", sentences}, {"words", words}};
}

Json match(const Json& line, MeteorScorer& scorer) {
  const auto detail = scorer.explain(line["prediction"].get<std::string>(), line["reference"].get<std::string>());
  return {{"meteor", detail.score},
          {"exact", detail.exact},
          {"stem", detail.stem},
          {"synonym", detail.synonym},
          {"alignment", detail.alignment},
          {"chunks", detail.chunks}};
}

Json list_synonyms(const std::string& word, const WordNet& wordnet, SynonymFinder& finder) {
  Json names = Json::array();
  for (const auto id : finder.find(word)) {
    names.push_back(wordnet.name(id));
  }
  return names;
}

MeteorSettings make_settings(const std::string& punkt) {
  const Resources resources;
  MeteorSettings settings;
  settings.wordnet = open_wordnet(resources);
  if (punkt == "builtin") {
    settings.punkt = std::make_shared<const PunktParameters>(PunktParameters::make_builtin());
  } else if (punkt == "nltk") {
    settings.punkt = std::make_shared<const PunktParameters>(PunktParameters::load(find_punkt_data(resources).value()));
  }
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const auto settings = make_settings(argc > 1 ? argv[1] : "nltk");
  MeteorScorer scorer(settings);
  WordTokenizer tokenizer;
  std::optional<Punkt> punkt;
  if (settings.punkt) {
    punkt.emplace(*settings.punkt);
  }
  SynonymFinder finder(*settings.wordnet);
  for (std::string text; std::getline(std::cin, text);) {
    const auto line = Json::parse(text);
    if (line.contains("text")) {
      std::cout << cut(line["text"].get<std::string>(), punkt ? &*punkt : nullptr, tokenizer).dump() << '\n';
    } else if (line.contains("word")) {
      std::cout << list_synonyms(line["word"].get<std::string>(), *settings.wordnet, finder).dump() << '\n';
    } else {
      std::cout << match(line, scorer).dump() << '\n';
    }
  }
  return 0;
}
