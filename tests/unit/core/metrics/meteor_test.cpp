#include "core/metrics/mean.hpp"
#include "core/metrics/meteor.hpp"
#include "core/metrics/nltk_data.hpp"
#include "core/metrics/registry.hpp"
#include "support/errors.hpp"
#include "support/metric_data.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

namespace {

using namespace lumi;
using namespace lumi::metrics;
using Json = nlohmann::json;

MeteorSettings settings() {
  static const auto punkt =
      std::make_shared<const PunktParameters>(PunktParameters::load(find_punkt_data(test::metric_resources()).value()));
  MeteorSettings settings;
  settings.punkt = punkt;
  settings.wordnet = test::shared_wordnet();
  return settings;
}

double score(Scorer& scorer, const std::string& prediction, const std::vector<std::string>& references) {
  const std::vector<std::string_view> views(references.begin(), references.end());
  const Sample sample = {prediction, views, {}};
  double value = -1;
  scorer.score(std::span(&sample, 1), {std::span(&value, 1), {}});
  return value;
}

std::unique_ptr<Scorer> make_scorer(const std::string& request) {
  return make_metric(parse_request(request), test::metric_resources())->make_scorer();
}

std::string repeat(const std::string& text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += text;
  }
  return out;
}

}  // namespace

// All to the last bit: the operations are the same.
TEST_CASE("meteor agrees with NLTK on every vector") {
  const auto plain = make_scorer("meteor");
  const auto other = make_scorer("meteor(alpha=0.85,beta=0.2,gamma=0.6)");
  const auto without_wordnet = make_scorer("meteor(wordnet=false)");
  const auto without_punkt = make_scorer("meteor(punkt=none)");
  const auto cases = test::load_vector_lines("dev.jsonl");
  CHECK(cases.size() == 154);
  for (const auto& line : cases) {
    const auto prediction = line["prediction"].get<std::string>();
    const std::vector<std::string> references{line["reference"].get<std::string>()};
    CAPTURE(prediction);
    CHECK(score(*plain, prediction, references) == line["meteor"].get<double>());
    CHECK(score(*other, prediction, references) == line["meteor_a85_b02_g06"].get<double>());
    CHECK(score(*without_wordnet, prediction, references) == line["meteor_nowordnet"].get<double>());
    CHECK(score(*without_punkt, prediction, references) == line["meteor_nopunkt"].get<double>());
  }
  const auto vectors = test::load_vectors("nltk.json");
  CHECK(vectors["pairs"].size() == 200);
  for (const auto& row : vectors["pairs"]) {
    CAPTURE(row.dump());
    CHECK(score(*plain, row[0], {row[1].get<std::string>()}) == row[2].get<double>());
  }
}

TEST_CASE("meteor matches the words that NLTK matches, stage by stage") {
  MeteorScorer scorer(settings());
  for (const auto& line : test::load_vector_lines("dev.jsonl")) {
    const auto prediction = line["prediction"].get<std::string>();
    CAPTURE(prediction);
    const auto detail = scorer.explain(prediction, line["reference"].get<std::string>());
    CHECK(Json{{"exact", detail.exact},
               {"stem", detail.stem},
               {"synonym", detail.synonym},
               {"alignment", detail.alignment},
               {"chunks", detail.chunks}} == line["meteor_detail"]);
    CHECK(detail.score == line["meteor"].get<double>());
  }
}

TEST_CASE("meteor of several references is the highest") {
  const auto scorer = make_scorer("meteor");
  int with_several = 0;
  for (const auto& line : test::load_vector_lines("more.jsonl")) {
    const auto references = line["references"].get<std::vector<std::string>>();
    CAPTURE(line["id"].dump());
    CHECK(score(*scorer, line["prediction"], references) == line["meteor"].get<double>());
    CHECK(score(*scorer, line["prediction"], {references.front()}) == line["meteor_first_reference"].get<double>());
    with_several += references.size() > 1 ? 1 : 0;
  }
  CHECK(with_several == 9);
  const auto multi_reference_vectors = test::load_vectors("corpus.json");
  for (const auto& entry : multi_reference_vectors["multi_reference"]) {
    const auto references = entry["references"].get<std::vector<std::string>>();
    CHECK(score(*scorer, entry["prediction"], references) == entry["meteor"].get<double>());
  }
  CHECK(score(*scorer, "a", {}) == 0);
}

TEST_CASE("means of meteor over corpora") {
  const auto scorer = make_scorer("meteor");
  std::map<std::string, double> scores;
  for (const auto& line : test::load_vector_lines("dev.jsonl")) {
    scores[line["id"]] = score(*scorer, line["prediction"], {line["reference"].get<std::string>()});
  }
  const auto corpora_vectors = test::load_vectors("corpus.json");
  for (const auto& corpus : corpora_vectors["corpora"]) {
    std::vector<double> values;
    for (const auto& id : corpus["ids"]) {
      values.push_back(scores.at(id));
    }
    CHECK(pairwise_mean(values) == corpus["sample_means"]["meteor_mean"].get<double>());
  }
}

TEST_CASE("meteor of many ordinary pairs") {
  const auto scorer = make_scorer("meteor");
  const auto lines = test::load_vector_lines("bench.jsonl");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    REQUIRE(score(*scorer, lines[i][0], {lines[i][1].get<std::string>()}) == lines[i].back().get<double>());
  }
}

TEST_CASE("meteor of a sample does not depend on the samples before it") {
  MeteorScorer used(settings());
  const std::string_view reference = "The doctors run quickly. It's 5 p.m. already.";
  const Sample sample = {"The physician runs quick. It is 5 p.m. already.", std::span(&reference, 1), {}};
  const double expected = MeteorScorer(settings()).score_one(sample);
  std::string many;
  for (int i = 0; i < 250'000; ++i) {
    many += std::to_string(i) + " ";
  }
  const std::string_view many_view = many;
  for (int i = 0; i < 3; ++i) {
    CHECK(used.score_one(sample) == expected);
    CHECK(used.score_one({many, std::span(&many_view, 1), {}}) > 0.99);
  }
  CHECK(used.score_one(sample) == expected);
}

TEST_CASE("meteor of texts made to be slow") {
  MeteorScorer scorer(settings());
  constexpr std::size_t k_words = 100'000;
  const auto same = repeat("dog ", k_words);
  CHECK(scorer.explain(same, same).score == doctest::Approx(1));
  const auto synonyms = scorer.explain(repeat("hound ", k_words), same);
  CHECK(synonyms.synonym == k_words);
  CHECK(synonyms.chunks == 1);
  CHECK(scorer.explain(same, repeat("cat ", k_words)).score == 0);
  CHECK(scorer.explain(repeat("seses", k_words), repeat("sese", k_words)).score == 0);
  CHECK(scorer.explain(repeat("run running runs jog ", k_words / 4), repeat("jogs ran sprint ", k_words / 4)).score >
        0);
}

TEST_CASE("meteor says which data and parameters made it") {
  const auto signature = [](const std::string& request) {
    return make_metric(parse_request(request), test::metric_resources())->signature();
  };
  const auto plain = signature("meteor");
  CHECK(plain.starts_with("meteor|tok:nltk-3.8.1|punkt:nltk-data-"));
  CHECK(plain.find("|alpha:0.9|beta:3.0|gamma:0.5|version:lumi-") != std::string::npos);
  CHECK(plain.find("|wordnet:none|") == std::string::npos);
  CHECK(plain == signature("meteor(punkt=nltk)"));
  CHECK(signature("meteor(wordnet=false)").find("|wordnet:none|") != std::string::npos);
  CHECK(signature("meteor(punkt=none)").find("|punkt:none|") != std::string::npos);
  CHECK(signature("meteor(punkt=builtin)").find("|punkt:builtin-") != std::string::npos);
}

TEST_CASE("meteor refuses parameters that make no sense and data that is absent") {
  for (const auto* request : {"meteor(alpha=1.5)", "meteor(alpha=-0.1)", "meteor(gamma=2)", "meteor(beta=-1)"}) {
    CAPTURE(request);
    CHECK(test::code_of([&] { make_scorer(request); }) == ErrorCode::usage);
  }
  const test::TempDir empty;
  auto resources = test::metric_resources();
  resources.nltk_data_dir = empty.path();
  CHECK(test::code_of([&] { make_metric(parse_request("meteor(punkt=nltk)"), resources); }) == ErrorCode::usage);
  CHECK(make_metric(parse_request("meteor"), resources)->signature().find("|punkt:builtin-") != std::string::npos);
  resources.wordnet_dir = empty.path();
  const auto error = test::error_of([&] { make_metric(parse_request("meteor"), resources); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::usage);
  CHECK(error->hint().find("sudo apt-get install wordnet-base") != std::string::npos);
  CHECK(make_metric(parse_request("meteor(wordnet=false)"), resources) != nullptr);
}
