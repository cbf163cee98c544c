#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <functional>

using namespace lumi;

namespace {

constexpr int k_rows = 40;

/// Rows whose predictions `predict` writes; every ground truth has five words.
std::string rows(const std::function<std::string(int)>& predict, int count = k_rows) {
  std::string text = "examples,ground_truth,predictions\n";
  for (int row = 1; row <= count; ++row) {
    text += "text,the cat sat on mat" + std::to_string(row) + "," + predict(row) + "\n";
  }
  return text;
}

struct Compared : test::CliFixture {
  std::string
  evaluate(const std::string& name, const std::string& text, const std::string& metric = "rouge,bleu") const {
    const auto result = lumi({"evaluate", this->file(name, text), "--metric", metric, "--json=job_id"});
    REQUIRE(result.exit == 0);
    return nlohmann::json::parse(result.out)["job_id"];
  }

  std::string weak() const {
    return evaluate("weak.csv", rows([](int row) { return row % 2 == 0 ? "the cat" : "a dog stood"; }));
  }
  std::string strong() const {
    return evaluate("strong.csv", rows([](int row) { return "the cat sat on mat" + std::to_string(row); }));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Compared, "compare: a clear difference is found, in both directions") {
  const auto weak = this->weak();
  const auto strong = this->strong();
  const auto result = lumi({"compare", weak, strong, "--json"});
  REQUIRE(result.exit == 0);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(json["baseline_id"] == weak);
  CHECK(json["alpha"] == 0.05);
  CHECK(json["seed"] == 12345);
  REQUIRE(json["comparisons"].size() == 5);
  for (const auto& score : json["comparisons"]) {
    CAPTURE(score.dump());
    CHECK(score["candidate_id"] == strong);
    CHECK(score["n"] == k_rows);
    CHECK(score["candidate"] == 1.0);
    CHECK(score["difference"] == score["candidate"].get<double>() - score["baseline"].get<double>());
    CHECK(score["low"] <= score["difference"]);
    CHECK(score["high"] >= score["difference"]);
    CHECK(score["p_adjusted"] < 0.001);
    CHECK(score["wins"] == k_rows);
    CHECK(score["losses"] == 0);
    CHECK(score["effect"] == 1.0);
    CHECK(score["finding"] == "better");
  }
  CHECK(json["changes"].size() == 5);
  CHECK(json["changes"][0]["candidate_prediction"] == "the cat sat on mat1");
  const auto back = lumi({"compare", strong, weak, "--metric", "rougeL", "--fail-on-regression"});
  CHECK(back.exit == 9);
  CHECK(back.err.find("is worse on rougeL by ") != std::string::npos);
  CHECK(back.out.find("\tworse\n") != std::string::npos);
  CHECK(lumi({"compare", weak, strong, "--fail-on-regression"}).exit == 0);
}

TEST_CASE_FIXTURE(Compared, "compare: what may be chance is not decided") {
  const auto weak = this->weak();
  const auto other = evaluate("other.csv", rows([](int row) {
                                return row == 7 ? "the cat sat" : row % 2 == 0 ? "the cat" : "a dog stood";
                              }));
  const auto json = nlohmann::json::parse(lumi({"compare", weak, other, weak, "--json", "--metric", "rouge1"}).out);
  REQUIRE(json["comparisons"].size() == 2);
  CHECK(json["comparisons"][0]["finding"] == "undecided");
  CHECK(json["comparisons"][0]["wins"] == 1);
  CHECK(json["comparisons"][0]["p_adjusted"] == 1.0);
  CHECK(json["comparisons"][1]["difference"] == 0.0);
  CHECK(json["comparisons"][1]["p_value"] == 1.0);
  REQUIRE(json["changes"].size() == 1);
  CHECK(json["changes"][0]["row"] == 7);
}

TEST_CASE_FIXTURE(Compared, "compare: a difference that is too small does not count") {
  const auto weak = this->weak();
  const auto strong = this->strong();
  const auto args = [&](const std::string& effect) {
    return std::vector<std::string>{"compare", weak, strong, "--metric", "rouge1", "--min-effect", effect};
  };
  CHECK(lumi(args("0.1")).out.find("\tbetter\n") != std::string::npos);
  CHECK(lumi(args("0.99")).out.find("\tundecided\n") != std::string::npos);
  CHECK(lumi({"compare", weak, strong, "--alpha", "0"}).out.find("\tbetter\n") == std::string::npos);
}

TEST_CASE_FIXTURE(Compared, "compare: a results.json serves as the baseline") {
  const auto weak = this->weak();
  const auto strong = this->strong();
  const auto saved = (folder / "main.json").string();
  REQUIRE(lumi({"job", "download", weak, "-o", saved}).exit == 0);
  CHECK(lumi({"compare", saved, strong}).out == lumi({"compare", weak, strong}).out);
  CHECK(lumi({"compare", (folder / "absent.json").string(), strong}).exit == 5);
  CHECK(lumi({"compare", file("no.json", "[]"), strong}).exit == 11);
}

TEST_CASE_FIXTURE(Compared, "compare: unlike things are refused") {
  const auto strong = this->strong();
  const auto refused = [&](const std::string& other, const std::string& why) {
    const auto result = lumi({"compare", strong, other});
    CHECK(result.exit == 2);
    CAPTURE(result.err);
    CHECK(result.err.find(why) != std::string::npos);
  };
  const auto right = [](int row) { return "the cat sat on mat" + std::to_string(row); };
  refused(evaluate("short.csv", rows(right, k_rows - 1)), "one has 40 samples, the other 39");
  auto other_truth = rows(right);
  other_truth.replace(other_truth.find("mat3,"), 5, "rug3,");
  refused(evaluate("truth.csv", other_truth), "row 3 has another ground truth");
  refused(evaluate("stem.csv", rows(right), "rouge(stemmer=true)"), "their rouge was computed differently");
  refused(evaluate("length.csv", rows(right), "token_length"), "they have no metric in common");
}

TEST_CASE_FIXTURE(Compared, "compare: what is asked for must make sense") {
  const auto strong = this->strong();
  const auto near = lumi({"compare", strong, strong, "--metric", "rougel"});
  CHECK(near.exit == 2);
  CHECK(near.err.find("did you mean \"rougeL\"?") != std::string::npos);
  for (const auto* flag : {"--alpha", "--min-effect"}) {
    CHECK(lumi({"compare", strong, strong, flag, "much"}).exit == 2);
    CHECK(lumi({"compare", strong, strong, flag, "-1"}).exit == 2);
  }
  CHECK(lumi({"compare", strong, strong, "--alpha", "1.5"}).exit == 2);
  CHECK(lumi({"compare", strong, strong, "--seed", "-1"}).exit == 2);
  CHECK(lumi({"compare", strong}).exit == 2);
  CHECK(lumi({"compare", strong, "00000000-0000-4000-8000-000000000000"}).exit == 5);
}

TEST_CASE_FIXTURE(Compared, "compare: a person reads a table, a sentence and the changes") {
  const auto weak = this->weak();
  const auto strong = this->strong();
  const auto shown = lumi_at_terminal({"compare", weak, strong, "--metric", "rougeL"}).out;
  CHECK(shown.find(strong.substr(0, 8) + " is better than " + weak.substr(0, 8) + " on rougeL.") != std::string::npos);
  CHECK(shown.find("95 % INTERVAL") != std::string::npos);
  CHECK(shown.find("samples that changed most, by rougeL") != std::string::npos);
}
