#include "base/error.hpp"
#include "core/evaluation/evaluate.hpp"
#include "support/errors.hpp"
#include "support/evaluation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

using namespace lumi::evaluation;
using lumi::Error;
using lumi::ErrorCode;
using lumi::test::expect_error;
using lumi::test::text_input;

namespace {

constexpr const char* k_small = "predictions,ground_truth\n"
                                "the cat sat on the mat,the cat sat on the mat\n"
                                "a dog,the cat sat on the mat\n"
                                "the cat,the cat sat on the mat\n";

Request rouge_and_bleu() {
  Request request;
  request.metrics = {"rouge", "bleu"};
  request.threads = 1;
  return request;
}

lumi::evaluation::Outcome run(const std::string& csv, const Request& request) {
  return lumi::test::evaluate(text_input(csv), request);
}

std::vector<double> column(const lumi::evaluation::Outcome& outcome, std::string_view metric, std::size_t field) {
  const auto* found = find_metric(outcome, metric);
  REQUIRE(found != nullptr);
  std::vector<double> values(outcome.rows);
  outcome.scores.read(found->fields[field].column, 0, values);
  return values;
}

bool has_warning(const lumi::evaluation::Outcome& outcome, const std::string& part) {
  for (const auto& warning : outcome.warnings) {
    if (warning.find(part) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("an evaluation scores every row and gives means, counts and signatures") {
  const auto outcome = run(k_small, rouge_and_bleu());
  CHECK(outcome.rows == 3);
  CHECK(outcome.usable == 3);
  CHECK(outcome.samples.of(SampleStatus::ok) == 3);
  CHECK(outcome.samples.coverage() == 1);
  REQUIRE(outcome.metrics.size() == 2);
  CHECK(outcome.metrics[0].name == "rouge");
  CHECK(outcome.metrics[1].name == "bleu");
  CHECK(outcome.metrics[0].signature.starts_with("rouge|"));
  const auto rouge1 = column(outcome, "rouge", 0);
  CHECK(rouge1 == std::vector<double>{1, 0, 0.5});
  CHECK(outcome.metrics[0].fields[0].mean == doctest::Approx(0.5));
  CHECK(outcome.metrics[0].fields[0].count == 3);
  CHECK(column(outcome, "bleu", 0) == std::vector<double>{1, 0, 0});
  CHECK(outcome.warnings.empty());
}

TEST_CASE("only the columns that the metrics read must be there") {
  CHECK(run("predictions,ground_truth\na,a\n", rouge_and_bleu()).rows == 1);
  const auto error = expect_error([] { run("prediction,ground_truth,x\na,a,1\n", rouge_and_bleu()); });
  CHECK(error.code() == ErrorCode::invalid_input);
  CHECK(error.what() == std::string("\"predictions.csv\" has no column \"predictions\""));
  CHECK(error.hint() == "did you mean \"prediction\"? its columns are \"prediction\", \"ground_truth\", \"x\"; "
                        "--predictions-field or --map names another");
  CHECK(expect_error([] { run("predictions,x\na,b\n", rouge_and_bleu()); }).what() ==
        std::string("\"predictions.csv\" has no column \"ground_truth\""));
}

TEST_CASE("columns can be named and mapped") {
  auto request = rouge_and_bleu();
  request.columns.predictions = "answer";
  request.columns.map = {{"ground_truth", "summary"}};
  CHECK(column(run("summary,answer\na b,a b\n", request), "rouge", 0) == std::vector<double>{1});
  request.columns.map = {{"ground_truht", "summary"}};
  const auto error = expect_error([&] { run("summary,answer\na b,a b\n", request); });
  CHECK(error.code() == ErrorCode::usage);
  CHECK(error.hint().starts_with("did you mean \"ground_truth\"?"));
}

TEST_CASE("blank predictions count as empty and are scored as nothing") {
  const auto outcome = run("predictions,ground_truth\n,a b\n   ,a b\na b,a b\n", rouge_and_bleu());
  CHECK(outcome.samples.of(SampleStatus::empty) == 2);
  CHECK(outcome.samples.of(SampleStatus::ok) == 1);
  CHECK(outcome.samples.coverage() == 1);
  CHECK(column(outcome, "rouge", 0) == std::vector<double>{0, 0, 1});
  CHECK(has_warning(outcome, "66.7 % of the predictions are empty (2 of 3)"));
}

TEST_CASE("blank predictions can count as missing") {
  auto request = rouge_and_bleu();
  request.empty_predictions = EmptyPredictions::missing;
  const auto outcome = run("predictions,ground_truth\n,a b\na b,a b\n", request);
  CHECK(outcome.samples.of(SampleStatus::error) == 1);
  CHECK(outcome.samples.coverage() == 0.5);
  CHECK(outcome.usable == 1);
  CHECK(std::isnan(column(outcome, "rouge", 0)[0]));
  CHECK(outcome.metrics[0].fields[0].mean == 1);
  CHECK(outcome.metrics[0].fields[0].count == 1);
}

TEST_CASE("the column prediction_status says what became of each prediction") {
  const auto outcome = run("predictions,ground_truth,prediction_status\n"
                           "a b,a b,ok\n"
                           "a b,a b,truncated\n"
                           ",a b,refused\n"
                           "boom,a b,error\n"
                           ",a b,ok\n"
                           "a b,a b,\n",
                           rouge_and_bleu());
  CHECK(outcome.samples.by_status == std::array<std::uint64_t, 5>{2, 1, 1, 1, 1});
  const auto scores = column(outcome, "rouge", 0);
  CHECK(scores[1] == 1);
  CHECK(std::isnan(scores[2]));
  CHECK(std::isnan(scores[3]));
  CHECK(scores[4] == 0);
  CHECK(outcome.metrics[0].fields[0].mean == doctest::Approx(0.75));
  CHECK(has_warning(outcome, "33.3 % of the predictions are missing"));
  CHECK(has_warning(outcome, "16.7 % of the predictions are truncated (1 of 6)"));
  const auto error =
      expect_error([] { run("predictions,ground_truth,prediction_status\na,a,ok\na,a,bad\n", rouge_and_bleu()); });
  CHECK(error.code() == ErrorCode::invalid_input);
  CHECK(error.what() == std::string("\"predictions.csv\" row 2 has the unknown prediction_status \"bad\""));
}

TEST_CASE("blank ground truths refuse the file and are named by row") {
  CHECK(expect_error([] { run("predictions,ground_truth\na,a\nb, \n", rouge_and_bleu()); }).what() ==
        std::string("\"predictions.csv\" has no ground truth in row 2"));
  std::string csv = "predictions,ground_truth\n";
  for (int i = 0; i < 15; ++i) {
    csv += "a,\n";
  }
  const auto error = expect_error([&] { run(csv, rouge_and_bleu()); });
  CHECK(error.code() == ErrorCode::invalid_input);
  CHECK(error.what() ==
        std::string("\"predictions.csv\" has no ground truth in rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 5 more"));
  CHECK(error.hint().find("--missing-references skip") != std::string::npos);
}

TEST_CASE("samples without a ground truth can be skipped") {
  auto request = rouge_and_bleu();
  request.missing_references = MissingReferences::skip;
  const auto outcome = run("predictions,ground_truth\na b,a b\nb,\n", request);
  CHECK(outcome.rows == 2);
  CHECK(outcome.usable == 1);
  CHECK(std::isnan(column(outcome, "rouge", 0)[1]));
  CHECK(outcome.metrics[0].fields[0].mean == 1);
  CHECK(has_warning(outcome, "50.0 % of the ground truths are missing"));
}

TEST_CASE("max_samples takes the first rows, and does not look at the others") {
  auto request = rouge_and_bleu();
  request.max_samples = 2;
  CHECK(run("predictions,ground_truth\na,a\nb,b\nc,\n", request).rows == 2);
  for (const std::int64_t all : {0, -1, 99}) {
    request.max_samples = all;
    CHECK(run(k_small, request).rows == 3);
  }
}

TEST_CASE("conditions are checked before any work and evaluated after it") {
  auto request = rouge_and_bleu();
  request.requirements = {"rougeL >= 0.1", "bleu > 0.5", "coverage == 1", "errors < 1", "empty <= 0"};
  const auto outcome = run(k_small, request);
  REQUIRE(outcome.requirements.size() == 5);
  CHECK(outcome.requirements[0].holds);
  CHECK_FALSE(outcome.requirements[1].holds);
  CHECK(outcome.requirements[1].value == doctest::Approx(1.0 / 3));
  CHECK(outcome.requirements[1].bound == 0.5);
  CHECK(outcome.requirements[2].holds);
  CHECK(outcome.requirements[2].excuses_partial);
  CHECK(outcome.requirements[3].holds);
  CHECK(outcome.requirements[4].holds);
  CHECK_FALSE(outcome.requirements[4].excuses_partial);
  for (const auto* text : {"meteor > 0", "rougeLL > 0", "model: rougeL > 0", "cost < 1"}) {
    CAPTURE(text);
    request.requirements = {text};
    CHECK(expect_error([&] { run("not even read", request); }).code() == ErrorCode::usage);
  }
}

TEST_CASE("null does not hold: no sample had a number") {
  auto request = rouge_and_bleu();
  request.requirements = {"rougeL != 5"};
  const auto outcome = run("predictions,ground_truth,prediction_status\n,a,error\n", request);
  CHECK(outcome.usable == 0);
  CHECK_FALSE(outcome.requirements[0].value);
  CHECK_FALSE(outcome.requirements[0].holds);
}

TEST_CASE("a metric is asked for once") {
  auto request = rouge_and_bleu();
  request.metrics = {"rouge", "rouge"};
  CHECK(run(k_small, request).metrics.size() == 1);
  request.metrics = {"rouge", "rouge(stemmer=true)"};
  CHECK(expect_error([&] { run(k_small, request); }).code() == ErrorCode::usage);
  request.metrics = {"bertscore"};
  CHECK(expect_error([&] { run(k_small, request); }).code() == ErrorCode::usage);
  request.metrics = {"ruoge"};
  CHECK(expect_error([&] { run(k_small, request); }).hint().starts_with("did you mean \"rouge\"?"));
}

TEST_CASE("default metrics that cannot be computed are left out with a warning") {
  Request request;
  request.task = "text-generation";
  const auto outcome = run(k_small, request);
  CHECK(find_metric(outcome, "rouge") != nullptr);
  CHECK(find_metric(outcome, "bertscore") == nullptr);
  REQUIRE_FALSE(outcome.skipped_metrics.empty());
  CHECK(outcome.skipped_metrics[0] == "bertscore");
  CHECK(has_warning(outcome, "default metric \"bertscore\" is left out"));
  request.task = "sumarization";
  CHECK(expect_error([&] { run(k_small, request); }).hint() == "did you mean \"summarization\"?");
}

TEST_CASE("a file without rows is refused") {
  const auto error = expect_error([] { run("predictions,ground_truth\n", rouge_and_bleu()); });
  CHECK(error.code() == ErrorCode::invalid_input);
  CHECK(error.what() == std::string("\"predictions.csv\" has no rows"));
}

TEST_CASE("progress grows to all rows and bytes") {
  std::string csv = "predictions,ground_truth\n";
  for (int i = 0; i < 20'000; ++i) {
    csv += "some words here,some words there\n";
  }
  auto request = rouge_and_bleu();
  const auto plan = make_plan(request, {});
  std::vector<Progress> seen;
  evaluate(text_input(csv), request, plan, [&](const Progress& progress) { seen.push_back(progress); });
  REQUIRE(seen.size() > 1);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    CHECK(seen[i].rows > seen[i - 1].rows);
    CHECK(seen[i].bytes >= seen[i - 1].bytes);
  }
  CHECK(seen.back().rows == 20'000);
  CHECK(seen.back().bytes == csv.size());
}
