// Reads JSON objects `{"prediction": TEXT, "references": [TEXT, ...]}`, one a line, and writes for each all numbers
// that the metrics give it. `{"words": [TEXT, ...]}` gives stems and lower case, `{"values": [NUMBER, ...]}` their
// mean.
#include "core/metrics/bleu.hpp"
#include "core/metrics/mean.hpp"
#include "core/metrics/rouge.hpp"
#include "core/metrics/text/porter_stemmer.hpp"
#include "core/metrics/text/python_text.hpp"
#include "core/metrics/token_length.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace lumi::metrics;
using Json = nlohmann::ordered_json;

Json to_json(const RougeScore& score) { return {score.precision, score.recall, score.f_measure}; }

void add_rouge(Json& out, const std::string& prefix, RougeScorer& scorer, const Sample& sample) {
  const auto scores = scorer.score_one(sample);
  out[prefix + "rouge1"] = to_json(scores.rouge1);
  out[prefix + "rouge2"] = to_json(scores.rouge2);
  out[prefix + "rougeL"] = to_json(scores.rouge_l);
  out[prefix + "rougeLsum"] = to_json(scores.rouge_lsum);
}

Json bleu_json(const BleuCounts& counts, const BleuSettings& settings) {
  const auto score = bleu_of(counts, settings);
  return {{"bleu", score.bleu},
          {"precisions", score.precisions},
          {"brevity_penalty", score.brevity_penalty},
          {"length_ratio", score.length_ratio},
          {"translation_length", counts.translation_length},
          {"reference_length", counts.reference_length}};
}

struct Scorers {
  RougeScorer rouge{Stemming::no};
  RougeScorer stemmed{Stemming::yes};
  BleuScorer bleu{BleuSettings{}};
};

Json score_texts(const Json& line, Scorers& scorers) {
  const auto prediction = line["prediction"].get<std::string>();
  const auto references = line["references"].get<std::vector<std::string>>();
  const std::vector<std::string_view> views(references.begin(), references.end());
  const Sample sample = {prediction, views, {}};
  Json out;
  add_rouge(out, "", scorers.rouge, sample);
  add_rouge(out, "stem_", scorers.stemmed, sample);
  const auto counts = scorers.bleu.count(sample);
  out["bleu"] = bleu_json(counts, {});
  out["bleu_smooth"] = bleu_json(counts, {.smooth = true});
  out["token_length"] = {estimate_tokens(prediction), estimate_tokens(views.front())};
  return out;
}

Json describe_words(const Json& words) {
  Json out = Json::array();
  for (const auto& word : words) {
    std::string lower;
    python::append_lower(word.get<std::string>(), lower);
    std::string stem = lower;
    stem_porter(stem);
    out.push_back({lower, stem});
  }
  return out;
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  Scorers scorers;
  for (std::string text; std::getline(std::cin, text);) {
    const auto line = Json::parse(text);
    if (line.contains("words")) {
      std::cout << describe_words(line["words"]).dump() << '\n';
    } else if (line.contains("values")) {
      std::cout << Json(pairwise_mean(line["values"].get<std::vector<double>>())).dump() << '\n';
    } else {
      std::cout << score_texts(line, scorers).dump() << '\n';
    }
  }
  return 0;
}
