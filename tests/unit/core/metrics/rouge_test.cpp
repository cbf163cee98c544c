#include "core/metrics/mean.hpp"
#include "core/metrics/registry.hpp"
#include "core/metrics/rouge.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using namespace lumi::metrics;
using Json = nlohmann::json;

RougeScores score(RougeScorer& scorer, const std::string& prediction, const std::vector<std::string>& references) {
  const std::vector<std::string_view> views(references.begin(), references.end());
  return scorer.score_one({prediction, views, {}});
}

RougeScores score(const std::string& prediction, const std::string& reference, Stemming stemming = Stemming::no) {
  RougeScorer scorer(stemming);
  return score(scorer, prediction, {reference});
}

bool is_equal(const RougeScore& score, const Json& expected) {
  return Json({score.precision, score.recall, score.f_measure}) == expected;
}

// To the last bit: the operations are the same.
void check_all(const RougeScores& scores, const Json& expected, const std::string& prefix, const std::string& suffix) {
  CHECK(is_equal(scores.rouge1, expected[prefix + "rouge1" + suffix]));
  CHECK(is_equal(scores.rouge2, expected[prefix + "rouge2" + suffix]));
  CHECK(is_equal(scores.rouge_l, expected[prefix + "rougeL" + suffix]));
  CHECK(is_equal(scores.rouge_lsum, expected[prefix + "rougeLsum" + suffix]));
}

void check_case(const Json& expected, const std::vector<std::string>& references, const std::string& suffix = "") {
  const auto prediction = expected["prediction"].get<std::string>();
  CAPTURE(prediction);
  RougeScorer plain(Stemming::no);
  check_all(score(plain, prediction, references), expected, "", suffix);
  RougeScorer stemmed(Stemming::yes);
  check_all(score(stemmed, prediction, references), expected, "stem_", suffix);
}

}  // namespace

TEST_CASE("rouge agrees with rouge_score on every vector") {
  const auto cases = lumi::test::load_vector_lines("dev.jsonl");
  CHECK(cases.size() == 154);
  for (const auto& expected : cases) {
    check_case(expected, {expected["reference"].get<std::string>()});
  }
  const auto more = lumi::test::load_vector_lines("more.jsonl");
  CHECK(more.size() == 46);
  int with_several = 0;
  for (const auto& expected : more) {
    const auto references = expected["references"].get<std::vector<std::string>>();
    check_case(expected, {references.front()});
    if (references.size() > 1) {
      check_case(expected, references, "_multi");
      ++with_several;
    }
  }
  CHECK(with_several > 3);
  const auto multi_reference = lumi::test::load_vectors("corpus.json")["multi_reference"];
  CHECK(multi_reference.size() == 8);
  for (const auto& expected : multi_reference) {
    check_case(expected, expected["references"].get<std::vector<std::string>>());
  }
}

TEST_CASE("rouge of many ordinary pairs and its means") {
  const auto lines = lumi::test::load_vector_lines("bench.jsonl");
  RougeScorer plain(Stemming::no);
  RougeScorer stemmed(Stemming::yes);
  constexpr std::array k_names{
      "rouge1", "rouge2", "rougeL", "rougeLsum", "stem_rouge1", "stem_rouge2", "stem_rougeL", "stem_rougeLsum"};
  std::vector<std::vector<double>> columns(k_names.size());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto prediction = lines[i][0].get<std::string>();
    const auto scores = score(plain, prediction, {lines[i][1].get<std::string>()});
    const auto stem_scores = score(stemmed, prediction, {lines[i][1].get<std::string>()});
    const std::array values{scores.rouge1,
                            scores.rouge2,
                            scores.rouge_l,
                            scores.rouge_lsum,
                            stem_scores.rouge1,
                            stem_scores.rouge2,
                            stem_scores.rouge_l,
                            stem_scores.rouge_lsum};
    for (std::size_t k = 0; k < values.size(); ++k) {
      columns[k].push_back(values[k].f_measure);
      REQUIRE(values[k].f_measure == lines[i][k + 2].get<double>());
    }
  }
  REQUIRE(columns[0].size() == 2000);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    CHECK(pairwise_mean(columns[k]) == lines[0]["means"][k_names[k]].get<double>());
  }
}

TEST_CASE("rouge sees only letters and digits of ASCII") {
  CHECK(score("café", "caf").rouge1.f_measure == 1);
  CHECK(score("\u212Aelvin", "kelvin").rouge1.f_measure == 1);
  CHECK(score("\u0130stanbul", "i stanbul").rouge1.f_measure == 1);
  CHECK(score("日本語", "日本語").rouge1.f_measure == 0);
  CHECK(score("ÄÖÜ\xC4", "x").rouge1.f_measure == 0);  // ends in half a character: no read beyond the text
  CHECK(score("don't", "don t").rouge1.f_measure == 1);
}

TEST_CASE("rougeLsum takes the union over lines, by the originals's choice among equal subsequences") {
  // One line each: the same as rougeL, blank lines or not.
  const auto one_line = score("\n\na b c d\n", "a c b d\n\n");
  CHECK(one_line.rouge_lsum.f_measure == one_line.rouge_l.f_measure);
  // Both lines of the prediction cover different words of the reference's line.
  CHECK(score("w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", "w1 w2 w3 w4 w5").rouge_lsum.recall == 4.0 / 5);
  // A word of the reference counts no more often than the prediction has it.
  CHECK(score("a\nb", "a\na").rouge_lsum.precision == 1.0 / 2);
}

TEST_CASE("rouge is symmetric in precision and recall, bounded, and 1 for equal texts") {
  std::mt19937 random(7);
  const auto text = [&] {
    std::string out;
    for (auto words = random() % 90; words > 0; --words) {
      out += static_cast<char>('a' + random() % 7);
      out += random() % 12 == 0 ? '\n' : ' ';
    }
    return out;
  };
  RougeScorer scorer(Stemming::no);
  for (int round = 0; round < 500; ++round) {
    const auto a = text();
    const auto b = text();
    const auto ab = score(scorer, a, {b});
    const auto ba = score(scorer, b, {a});
    for (const auto member : {&RougeScores::rouge1, &RougeScores::rouge2, &RougeScores::rouge_l}) {
      REQUIRE((ab.*member).precision == (ba.*member).recall);
      REQUIRE((ab.*member).f_measure == doctest::Approx((ba.*member).f_measure));
    }
    for (const auto member :
         {&RougeScores::rouge1, &RougeScores::rouge2, &RougeScores::rouge_l, &RougeScores::rouge_lsum}) {
      for (const double value : {(ab.*member).precision, (ab.*member).recall, (ab.*member).f_measure}) {
        REQUIRE(value >= 0);
        REQUIRE(value <= 1);
      }
    }
    REQUIRE(ab.rouge_l.precision <= ab.rouge1.precision);
    REQUIRE(ab.rouge_lsum.precision <= ab.rouge1.precision);
    if (a.find(' ') != std::string::npos) {
      const auto same = score(scorer, a, {b, a});
      REQUIRE(same.rouge1.f_measure == 1);
      REQUIRE(same.rouge_l.f_measure == 1);
      REQUIRE(same.rouge_lsum.f_measure == 1);
    }
  }
}

TEST_CASE("rouge of very long texts") {
  std::string prediction;
  std::string reference;
  for (int i = 0; i < 100'000; ++i) {
    prediction += std::to_string(i) + " ";
    reference += std::to_string(i + 1) + (i == 50'000 ? "\n" : " ");
  }
  const auto scores = score(prediction, reference);
  CHECK(scores.rouge1.f_measure == doctest::Approx(0.99999));
  CHECK(scores.rouge_l.f_measure == scores.rouge1.f_measure);
  CHECK(scores.rouge_lsum.f_measure == scores.rouge1.f_measure);
}

TEST_CASE("the rouge metric gives F-measures and says how it was made") {
  const auto plain = make_metric(parse_request("rouge"), {});
  const auto stemmed = make_metric(parse_request("rouge(stemmer=true)"), {});
  CHECK(plain->signature().starts_with("rouge|stemmer:no|"));
  CHECK(stemmed->signature().starts_with("rouge|stemmer:porter|"));
  CHECK(plain->signature().find("|version:lumi-") != std::string::npos);
  const std::string_view reference = "running dogs";
  const std::vector<Sample> samples = {{"the runs", std::span(&reference, 1), {}},
                                       {"dogs", std::span(&reference, 1), {}}};
  std::vector<double> fields(8);
  stemmed->make_scorer()->score(samples, {fields, {}});
  CHECK(fields == std::vector<double>{0.5, 0, 0.5, 0.5, 2.0 / 3, 0, 2.0 / 3, 2.0 / 3});
  plain->make_scorer()->score(samples, {fields, {}});
  CHECK(fields[0] == 0);
}
