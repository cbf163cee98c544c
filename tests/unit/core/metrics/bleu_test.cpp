#include "core/metrics/bleu.hpp"
#include "core/metrics/mean.hpp"
#include "core/metrics/registry.hpp"
#include "core/metrics/text/tokenizer_13a.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using namespace lumi::metrics;
using Json = nlohmann::json;

constexpr BleuSettings k_smooth{false, true, 4};

BleuCounts
count(const std::string& prediction, const std::vector<std::string>& references, const BleuSettings& settings = {}) {
  BleuScorer scorer(settings);
  const std::vector<std::string_view> views(references.begin(), references.end());
  return scorer.count({prediction, views, {}});
}

double
bleu(const std::string& prediction, const std::vector<std::string>& references, const BleuSettings& settings = {}) {
  return bleu_of(count(prediction, references, settings), settings).bleu;
}

// libm may round logarithms differently elsewhere; on x86-64 these are the same bits.
bool is_close(double value, const Json& expected) { return std::abs(value - expected.get<double>()) <= 1e-15; }

void check(const BleuCounts& counts, const BleuSettings& settings, const Json& expected) {
  const auto score = bleu_of(counts, settings);
  if (expected.contains("error")) {
    CHECK(score.bleu == 0);
    return;
  }
  CHECK(is_close(score.bleu, expected["bleu"]));
  CHECK(Json(score.precisions) == expected["precisions"]);
  CHECK(is_close(score.brevity_penalty, expected["brevity_penalty"]));
  CHECK(score.length_ratio == expected["length_ratio"].get<double>());
  CHECK(counts.translation_length == expected["translation_length"].get<double>());
  CHECK(counts.reference_length == expected["reference_length"].get<double>());
}

std::vector<std::string> tokens(const std::string& text) {
  std::string prepared;
  prepare_13a(text, prepared);
  const auto length = prepared.size();
  prepared.append(Tokenizer13a::k_padding, '\0');
  Tokenizer13a tokenizer;
  std::vector<std::string> out;
  tokenizer.for_each_token(std::string_view(prepared).substr(0, length), [&](std::size_t begin, std::size_t end) {
    out.push_back(prepared.substr(begin, end - begin));
  });
  return out;
}

using Tokens = std::vector<std::string>;

}  // namespace

TEST_CASE("bleu agrees with HF evaluate on every vector") {
  const auto cases = lumi::test::load_vector_lines("dev.jsonl");
  CHECK(cases.size() == 154);
  for (const auto& expected : cases) {
    CAPTURE(expected["tag"]);
    CAPTURE(expected["prediction"]);
    const auto prediction = expected["prediction"].get<std::string>();
    const auto reference = expected["reference"].get<std::string>();
    CHECK(Json(tokens(prediction)) == expected["tokens"]["hf13a_pred"]);
    CHECK(Json(tokens(reference)) == expected["tokens"]["hf13a_ref"]);
    const auto counts = count(prediction, {reference});
    check(counts, {}, expected["bleu_hf"]);
    check(counts, k_smooth, expected["bleu_hf_smooth"]);
  }
  const auto more = lumi::test::load_vector_lines("more.jsonl");
  CHECK(more.size() == 46);
  for (const auto& expected : more) {
    CAPTURE(expected["id"]);
    const auto counts =
        count(expected["prediction"].get<std::string>(), expected["references"].get<std::vector<std::string>>());
    check(counts, {}, expected["bleu_hf"]);
    check(counts, k_smooth, expected["bleu_hf_smooth"]);
  }
  const auto multi_reference_vectors = lumi::test::load_vectors("corpus.json");
  for (const auto& expected : multi_reference_vectors["multi_reference"]) {
    check(count(expected["prediction"].get<std::string>(), expected["references"].get<std::vector<std::string>>()),
          {},
          expected["bleu_hf"]);
  }
}

TEST_CASE("bleu of many ordinary pairs and its mean") {
  const auto lines = lumi::test::load_vector_lines("bench.jsonl");
  std::vector<double> scores;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    scores.push_back(bleu(lines[i][0].get<std::string>(), {lines[i][1].get<std::string>()}));
    REQUIRE(is_close(scores.back(), lines[i][10]));
  }
  CHECK(is_close(pairwise_mean(scores), lines[0]["means"]["bleu_hf"]));
}

TEST_CASE("corpus bleu comes from the sums of the samples' counts") {
  const auto vectors = lumi::test::load_vectors("corpus.json");
  const auto cases = lumi::test::load_vector_lines("dev.jsonl");
  for (const auto& item : vectors["corpora"].items()) {
    const auto& name = item.key();
    const auto& corpus = item.value();
    CAPTURE(name);
    for (const auto* request : {"bleu", "bleu(smooth=true)"}) {
      const auto metric = make_metric(parse_request(request), {});
      const auto scorer = metric->make_scorer();
      std::vector<double> sums(metric->definition().statistics.size());
      for (const auto& one : cases) {
        const auto& ids = corpus["ids"];
        if (std::find(ids.begin(), ids.end(), one["id"]) == ids.end()) {
          continue;
        }
        const auto prediction = one["prediction"].get<std::string>();
        const auto text = one["reference"].get<std::string>();
        const std::string_view reference = text;
        const Sample sample = {prediction, std::span(&reference, 1), {}};
        std::vector<double> field(1);
        std::vector<double> statistics(sums.size());
        scorer->score(std::span(&sample, 1), {field, statistics});
        for (std::size_t k = 0; k < sums.size(); ++k) {
          sums[k] += statistics[k];
        }
      }
      const auto& expected = corpus[std::string(request) == "bleu" ? "bleu_hf" : "bleu_hf_smooth"];
      const auto values = metric->corpus(sums);
      REQUIRE(values.size() == 9);
      CHECK(values[0].name == "bleu");
      CHECK(is_close(values[0].value, expected["bleu"]));
      for (std::size_t k = 0; k < 4; ++k) {
        CHECK(values[1 + k].value == expected["precisions"][k].get<double>());
      }
      CHECK(is_close(values[5].value, expected["brevity_penalty"]));
      CHECK(values[6].value == expected["length_ratio"].get<double>());
      CHECK(values[7].value == expected["translation_length"].get<double>());
      CHECK(values[8].value == expected["reference_length"].get<double>());
    }
  }
}

TEST_CASE("tokens of 13a where stops, hyphens and digits meet") {
  // Expected values from sacreBLEU's regular expressions.
  CHECK(tokens("1.5 1.a a.5 .5 5.") == Tokens{"1.5", "1", ".", "a", "a", ".", "5", ".", "5", "5", "."});
  CHECK(tokens("a..5 1..5 1...5 a...5") ==
        Tokens{"a", ".", ".5", "1", ".", ".", "5", "1", ".", ".", ".5", "a", ".", ".", ".", "5"});
  CHECK(tokens("1,234.5,x 1,.,2") == Tokens{"1,234.5", ",", "x", "1", ",", ".", ",2"});
  CHECK(tokens("1-2--3 a-b -1-") == Tokens{"1", "-", "2", "-", "-3", "a-b", "-1", "-"});
  CHECK(tokens("it's (a\\b) \"x\"_~") == Tokens{"it's", "(", "a", "\\", "b", ")", "\"", "x", "\"", "_", "~"});
  CHECK(tokens("word-\nbreak a\nb <skipped>c<skip<skipped>ped>") ==
        Tokens{"wordbreak", "a", "b", "c", "<", "skipped", ">"});
  CHECK(tokens("&quot;&amp;lt;&amp;quot;&gt") == Tokens{"\"", "<", "&", "quot", ";", "&", "gt"});
  CHECK(tokens("«é»,。3.٣") == Tokens{"«é»", ",", "。3", ".", "٣"});
  CHECK(tokens("a\u00a0b\u3000c\u0085d\x1c"
               "e") == Tokens{"a", "b", "c", "d", "e"});
  CHECK(tokens(" \n\t").empty());
}

TEST_CASE("bleu at the edges") {
  CHECK(bleu("", {"a b c d"}) == 0);
  CHECK(bleu("a b c d", {""}) == 0);
  CHECK(bleu("a b c", {"a b c"}) == 0);  // no 4-gram
  CHECK(bleu("a b c d", {"a b c d"}) == 1);
  CHECK(bleu("A B C D", {"a b c d"}) == 0);
  CHECK(bleu("Ä B C D", {"ä b c d"}, {true, false, 4}) == 1);
  CHECK(bleu("a b c", {"a b c"}, {false, false, 3}) == 1);
  CHECK(bleu("a b x", {"a b c"}, {false, false, 1}) == doctest::Approx(2.0 / 3));
  CHECK(count("a b c d", {"a b c", "a b c d e f"}).reference_length == 3);
}

TEST_CASE("bleu is bounded, and 1 for equal texts of four words or more") {
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    std::string a;
    std::string b;
    for (int i = 0; i < 4 + round % 60; ++i) {
      a += static_cast<char>('a' + random() % 5);
      b += static_cast<char>('a' + random() % 5);
      a += random() % 9 == 0 ? ". " : " ";
      b += random() % 9 == 0 ? ", 1." : " ";
    }
    for (const auto& settings : {BleuSettings{}, k_smooth}) {
      const double score = bleu(a, {b}, settings);
      REQUIRE(score >= 0);
      REQUIRE(score <= 1);
      REQUIRE(bleu(a, {b, a}, settings) >= score);
    }
    REQUIRE(bleu(a, {a}) == 1);
  }
}

TEST_CASE("the signature of bleu tells its options") {
  CHECK(make_metric(parse_request("bleu"), {})->signature().starts_with("bleu|case:mixed|tok:13a|smooth:no|order:4|"));
  CHECK(make_metric(parse_request("bleu(smooth=true, lowercase=true,max_order=2)"), {})
            ->signature()
            .starts_with("bleu|case:lc|tok:13a|smooth:add-1|order:2|"));
}
