#include "base/error.hpp"
#include "core/evaluation/results_reader.hpp"
#include "core/evaluation/summary.hpp"
#include "support/evaluation.hpp"
#include "support/golden.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace lumi::evaluation;
using lumi::Error;
using lumi::ErrorCode;
using lumi::test::results_text;
using lumi::test::text_input;

namespace {

constexpr std::uint64_t k_memory = 1 << 20;

// Six rows with every status, a blank prediction, quotes, a line break and other scripts.
constexpr const char* k_rows = "id,predictions,ground_truth,prediction_status,examples\n"
                               "1,the cat sat on the mat,the cat sat on the mat,ok,x\n"
                               "2,\"a \"\"quoted\"\" dog\",the dog is quoted,truncated,x\n"
                               "3,\"two\nlines here\",two lines there,ok,x\n"
                               "4,,nothing was said,empty,x\n"
                               "5,,it refused,refused,x\n"
                               "6,naïve café 東京,naïve café 東京,ok,x\n"
                               "7,,it broke,error,x\n";

Request request_for_all() {
  Request request;
  request.metrics = {"token_length", "bleu", "rouge"};
  request.threads = 1;
  return request;
}

ResultsReader reader_of(const std::string& json) {
  return {[json] { return text_input(json).open(); }, "results.json", k_memory};
}

std::vector<double>
column(const lumi::evaluation::Outcome& outcome, const std::string& metric, const std::string& field) {
  const auto* found = find_metric(outcome, metric);
  REQUIRE(found != nullptr);
  for (const auto& candidate : found->fields) {
    if (candidate.name == field) {
      std::vector<double> values(outcome.rows);
      outcome.scores.read(candidate.column, 0, values);
      return values;
    }
  }
  FAIL("no field " << field);
  return {};
}

std::string refusal_of(const std::string& json) {
  try {
    reader_of(json);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_input);
    return error.what();
  }
  FAIL("accepted " << json);
  return {};
}

// The shape that Lumigator writes: floats and integers, g_eval objects, no `lumi`.
constexpr const char* k_lumigator =
    R"({"metrics":{"bertscore":null,"meteor":{"meteor":[0.5,1.0],"meteor_mean":0.75},)"
    R"("rouge":{"rouge1":[0.25,null],"rougeL":[0.0,1.0],"rouge1_mean":0.25,"rougeL_mean":0.5},"bleu":null,)"
    R"("comet":{"scores":[-0.5,0.5],"mean_score":0.0},)"
    R"("g_eval_summarization":{"coherence":[{"score":0.7,"reason":"good"},{"reason":"no score"}],"coherence_mean":0.7},)"
    R"("token_length":{"ref_token_length":[1,2],"pred_token_length":[3,4],"ref_token_length_mean":1.5,)"
    R"("pred_token_length_mean":3.5}},"parameters":{"name":"x/1","evaluation":{"metrics":["meteor"],"max_samples":-1}},)"
    R"("artifacts":{"predictions":["first prediction",""],"ground_truth":["first truth","second truth"],)"
    R"("evaluation_time":1.5}})";

}  // namespace

TEST_CASE("results.json has Lumigator's shape, and what lumi adds") {
  const auto input = text_input(k_rows);
  const auto request = request_for_all();
  const auto outcome = lumi::test::evaluate(input, request);
  lumi::test::check_golden("evaluation/results.json",
                           results_text(outcome, input, request, R"({"name":"a job/1"})") + "\n");
}

TEST_CASE("what was written is read back the same") {
  const auto input = text_input(k_rows);
  const auto request = request_for_all();
  const auto written = lumi::test::evaluate(input, request);
  const auto reader = reader_of(results_text(written, input, request, R"({"a":[1,2.5,null,"x"]})"));
  const auto& read = reader.outcome();
  CHECK(read.rows == written.rows);
  CHECK(read.samples == written.samples);
  CHECK(reader.parameters_json() == R"({"a":[1,2.5,null,"x"]})");
  CHECK(read.warnings == written.warnings);
  REQUIRE(read.metrics.size() == written.metrics.size());
  for (const auto& metric : written.metrics) {
    const auto* same = find_metric(read, metric.name);
    REQUIRE(same != nullptr);
    CHECK(same->signature == metric.signature);
    REQUIRE(same->fields.size() == metric.fields.size());
    for (std::size_t i = 0; i < metric.fields.size(); ++i) {
      const auto& field = metric.fields[i];
      CAPTURE(field.name);
      CHECK(same->fields[i].name == field.name);
      CHECK(same->fields[i].mean_name == field.mean_name);
      CHECK(same->fields[i].mean == field.mean);
      CHECK(same->fields[i].count == field.count);
      CHECK(same->fields[i].is_integral == field.is_integral);
      const auto expected = column(written, metric.name, field.name);
      const auto values = column(read, metric.name, field.name);
      for (std::size_t row = 0; row < values.size(); ++row) {
        CHECK((values[row] == expected[row] || (std::isnan(values[row]) && std::isnan(expected[row]))));
      }
    }
  }
}

TEST_CASE("samples come with their texts, from the file that was scored and from results") {
  const auto input = text_input(k_rows);
  const auto request = request_for_all();
  const auto outcome = lumi::test::evaluate(input, request);
  const auto reader = reader_of(results_text(outcome, input, request));
  const auto all_rows = [](const SampleSource& source) {
    std::string text;
    source([&](const SampleRow& row) {
      text += std::to_string(row.number) + "|" + std::string(to_text(row.status)) + "|" + std::string(row.prediction) +
              "|" + std::string(row.ground_truth.value_or("(null)")) + "|" + std::to_string(row.scores.size()) + "\n";
      return true;
    });
    return text;
  };
  const auto from_input =
      all_rows([&](const SampleVisitor& visit) { for_each_sample(outcome, input, request, visit); });
  const auto from_results = all_rows([&](const SampleVisitor& visit) { reader.for_each(visit); });
  CHECK(from_input == from_results);
  CHECK(from_input.starts_with("1|ok|the cat sat on the mat|the cat sat on the mat|7\n"
                               "2|truncated|a \"quoted\" dog|the dog is quoted|7\n"
                               "3|ok|two\nlines here|two lines there|7\n"));
}

TEST_CASE("a visit can end early") {
  const auto reader = reader_of(k_lumigator);
  int visited = 0;
  reader.for_each([&](const SampleRow&) { return ++visited < 1; });
  CHECK(visited == 1);
}

TEST_CASE("Lumigator's own results are read") {
  const auto reader = reader_of(k_lumigator);
  const auto& outcome = reader.outcome();
  CHECK(outcome.rows == 2);
  CHECK(outcome.samples.of(SampleStatus::ok) == 1);
  CHECK(outcome.samples.of(SampleStatus::empty) == 1);
  CHECK(column(outcome, "meteor", "meteor") == std::vector<double>{0.5, 1});
  CHECK(std::isnan(column(outcome, "rouge", "rouge1")[1]));
  CHECK(find_metric(outcome, "rouge")->fields[0].count == 1);
  CHECK(find_metric(outcome, "comet")->fields[0].mean_name == "mean_score");
  CHECK(find_metric(outcome, "comet")->fields[0].mean == 0);
  const auto coherence = column(outcome, "g_eval_summarization", "coherence");
  CHECK(coherence[0] == 0.7);
  CHECK(std::isnan(coherence[1]));
  CHECK(find_metric(outcome, "token_length")->fields[0].is_integral);
  CHECK_FALSE(find_metric(outcome, "meteor")->fields[0].is_integral);
  CHECK(find_metric(outcome, "bleu") == nullptr);
  CHECK(reader.parameters_json() == R"({"name":"x/1","evaluation":{"metrics":["meteor"],"max_samples":-1}})");
  CHECK(reader.lumi_json() == "null");
}

TEST_CASE("results without texts still have their numbers") {
  const auto reader = reader_of(R"({"metrics":{"bleu":{"bleu":[0.5,0.25],"bleu_mean":0.375}},"artifacts":null})");
  CHECK(reader.outcome().rows == 2);
  CHECK(reader.outcome().samples.of(SampleStatus::ok) == 2);
  int visited = 0;
  reader.for_each([&](const SampleRow& row) {
    CHECK(row.prediction.empty());
    ++visited;
    return true;
  });
  CHECK(visited == 2);
}

TEST_CASE("what is no results file is refused") {
  CHECK(refusal_of("").starts_with("\"results.json\" is no JSON"));
  CHECK(refusal_of("[1]") == "\"results.json\" is no JSON object");
  CHECK(refusal_of("7") == "\"results.json\" is no JSON object");
  CHECK(refusal_of(R"({"a":1})") == "\"results.json\" has no metrics: it is no results file");
  CHECK(refusal_of(R"({"metrics":{"bleu":{"bleu":[1,"x"]}}})") ==
        "\"results.json\" has a list \"bleu.bleu\" with an element that is no number");
  CHECK(refusal_of(R"({"metrics":{"bleu":{"bleu":[1]}},"artifacts":{"predictions":["a","b"]}})") ==
        "\"results.json\" has lists of different lengths: 2 and 1");
  CHECK(refusal_of(R"({"metrics":{"bleu":{"bleu":[1,2)").starts_with("\"results.json\" is no JSON: byte 32"));
  CHECK(refusal_of(R"({"metrics":{},"artifacts":{"predictions":[1]}})") ==
        "\"results.json\" has an element of \"artifacts.predictions\" that is no text");
  CHECK(refusal_of(R"({"metrics":{},"lumi":{"statuses":["fine"]}})") ==
        "\"results.json\" has a sample status that is none");
  CHECK(refusal_of(R"({"metrics":)" + std::string(200, '[')) == "\"results.json\" is nested too deeply");
}

TEST_CASE("scores do not depend on threads or on whether they fit into memory") {
  std::string csv = "predictions,ground_truth\n";
  for (int i = 0; i < 5000; ++i) {
    const auto n = std::to_string(i % 97);
    csv += "the cat number " + n + " sat on the mat,the " + std::to_string(i % 13) + " cats sat on a mat " + n + "\n";
  }
  const auto input = text_input(csv);
  auto request = request_for_all();
  const auto expected = results_text(lumi::test::evaluate(input, request), input, request);
  for (const unsigned threads : {2U, 8U}) {
    request.threads = threads;
    const auto outcome = lumi::test::evaluate(input, request);
    CHECK(results_text(outcome, input, request) == expected);
  }
  request.max_memory = 0;
  const auto spilled = lumi::test::evaluate(input, request);
  CHECK(spilled.scores.is_spilled());
  CHECK(results_text(spilled, input, request) == expected);
}
