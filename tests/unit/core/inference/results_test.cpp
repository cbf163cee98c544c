#include "base/json_writer.hpp"
#include "core/evaluation/results_reader.hpp"
#include "core/inference/annotated_dataset.hpp"
#include "core/inference/results_writer.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <memory>

using namespace lumi;
using namespace lumi::inference;
using evaluation::SampleStatus;
using Json = nlohmann::ordered_json;

namespace {

SampleRecord answered(std::uint64_t sample, SampleStatus status, std::optional<std::string> text) {
  SampleRecord record;
  record.sample = sample;
  record.row = sample + 1;
  record.status = status;
  record.prediction = std::move(text);
  record.requests = 1;
  record.latency_us = 1000;
  return record;
}

/// Four samples: two answers that came out of order, one without words, one failure.
struct ResultsSetup {
  explicit ResultsSetup(const std::string& csv = "examples,other,ground_truth\n\"a, b\",x,A\nc,x,\nd,x,D\ne,x,E\n")
      : text(csv) {
    samples.input.name = "rows.csv";
    samples.input.open = [this] { return std::make_unique<TextSource>(text); };
    samples.rows = 4;
    samples.prompt = chat::PromptTemplate::parse("say {{examples}}");
    auto third = answered(2, SampleStatus::ok, "three");
    third.usage = chat::Usage{20, 10, 30, 4, {}, true};
    third.reasoning = "hm";
    third.left_out = "top_p,max_tokens=max_completion_tokens";
    log.add(third);
    auto first = answered(0, SampleStatus::ok, "one\"\n");
    first.usage = chat::Usage{10, 5, 15, {}, {}, false};
    first.system_fingerprint = "fp";
    log.add(first);
    log.add(answered(1, SampleStatus::empty, ""));
    auto failed = answered(3, SampleStatus::error, {});
    failed.error = "HTTP 400";
    failed.error_type = "invalid_request_400";
    failed.requests = 3;
    log.add(failed);
    log.write();
    extras.parameters_json = R"({"name":"n"})";
    extras.model = "tiny";
  }

  Json results() {
    TextSink sink;
    write_results(sink, log, samples, extras);
    return Json::parse(sink.text());
  }

  test::TempDir folder;
  std::string text;
  SampleSpec samples;
  SampleLog log{folder / "journal.jsonl", 4, {}, {}};
  ResultsExtras extras;
};

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) {
    keys.push_back(key);
  }
  return keys;
}

}  // namespace

TEST_CASE("results have Lumigator's shape and order") {
  ResultsSetup setup;
  const auto results = setup.results();
  CHECK(keys_of(results) == std::vector<std::string>{"metrics", "parameters", "artifacts", "lumi"});
  CHECK(results["metrics"].dump() == R"({"avg_prompt_tokens":15.0,"avg_total_tokens":22.5,"avg_completion_tokens":7.5,)"
                                     R"("avg_reasoning_tokens":2.0,"avg_answer_tokens":5.5})");
  const auto& artifacts = results["artifacts"];
  CHECK(keys_of(artifacts) ==
        std::vector<std::string>{
            "predictions", "reasoning", "examples", "ground_truth", "model", "inference_time", "inference_metrics"});
  CHECK(artifacts["predictions"].dump() == R"(["one\"\n","","three",null])");
  CHECK(artifacts["reasoning"].dump() == R"([null,null,"hm",null])");
  CHECK(artifacts["examples"].dump() == R"(["a, b","c","d","e"])");
  CHECK(artifacts["ground_truth"].dump() == R"(["A","","D","E"])");
  CHECK(
      artifacts["inference_metrics"].dump() ==
      R"([{"prompt_tokens":10,"total_tokens":15,"completion_tokens":5,"reasoning_tokens":0,"answer_tokens":5},null,)"
      R"({"prompt_tokens":20,"total_tokens":30,"completion_tokens":10,"reasoning_tokens":4,"answer_tokens":6},null])");
}

TEST_CASE("lumi's own part tells what became of the samples") {
  ResultsSetup setup;
  setup.extras.seed = 7;
  const auto lumi = setup.results()["lumi"];
  CHECK(lumi["coverage"] == 0.75);
  CHECK(lumi["samples"].dump() == R"({"ok":2,"empty":1,"truncated":0,"refused":0,"error":1})");
  CHECK(lumi["statuses"].dump() == R"(["ok","empty","ok","error"])");
  CHECK(lumi["dropped_parameters"].dump() == R"(["max_tokens=max_completion_tokens","top_p"])");
  CHECK(lumi["requests"] == 6);
  CHECK(lumi["retries"] == 2);
  CHECK(lumi["seed"] == 7);
  CHECK(lumi["errors"].dump() == R"({"invalid_request_400":1})");
  CHECK(lumi["system_fingerprints"].dump() == R"({"fp":1})");
}

TEST_CASE("answers of another name are kept under it") {
  ResultsSetup setup;
  setup.extras.output_field = "summary";
  auto artifacts = setup.results()["artifacts"];
  CHECK(artifacts["predictions"].is_null());
  CHECK(artifacts["summary"][2] == "three");
  setup.extras.output_field = "ground_truth";
  artifacts = setup.results()["artifacts"];
  CHECK(artifacts["predictions"].is_null());
  CHECK(artifacts["ground_truth"].dump() == R"(["one\"\n","","three",null])");
}

TEST_CASE("a dataset without ground truth or examples has null, and the prompt") {
  ResultsSetup setup("article\na\nb\nc\nd\n");
  setup.samples.prompt = chat::PromptTemplate::parse("say {{article}}");
  const auto artifacts = setup.results()["artifacts"];
  CHECK(artifacts["ground_truth"].is_null());
  CHECK(artifacts["examples"].dump() == R"(["say a","say b","say c","say d"])");
}

TEST_CASE("lumi reads its own results") {
  ResultsSetup setup;
  TextSink sink;
  write_results(sink, setup.log, setup.samples, setup.extras);
  const evaluation::ResultsReader reader(
      [&] { return std::make_unique<TextSource>(sink.text()); }, "results.json", 1 << 20);
  CHECK(reader.outcome().samples.of(SampleStatus::error) == 1);
  CHECK(reader.outcome().rows == 4);
  CHECK(reader.outcome().averages.at(1) == std::pair<std::string, double>("avg_total_tokens", 22.5));
}

TEST_CASE("lumi counts the samples of results whose answers have another name") {
  ResultsSetup setup;
  setup.extras.output_field = "ground_truth";
  TextSink sink;
  write_results(sink, setup.log, setup.samples, setup.extras);
  const evaluation::ResultsReader reader(
      [&] { return std::make_unique<TextSource>(sink.text()); }, "results.json", 1 << 20);
  CHECK(reader.outcome().rows == 4);
  CHECK(reader.outcome().samples.of(SampleStatus::ok) == 2);
}

TEST_CASE("the dataset of answers has Lumigator's columns and the status") {
  ResultsSetup setup;
  TextSink predictions;
  write_annotated_csv(predictions, setup.log, setup.samples, "predictions");
  CHECK(predictions.text() == "examples,ground_truth,predictions,prediction_status\n"
                              "\"a, b\",A,\"one\"\"\n\",ok\nc,,,empty\nd,D,three,ok\ne,E,,error\n");
  TextSink annotated;
  write_annotated_csv(annotated, setup.log, setup.samples, "ground_truth");
  CHECK(annotated.text().starts_with("examples,ground_truth,prediction_status\n\"a, b\",\"one\"\"\n\",ok\n"));
  CHECK(annotated_filename("a/b.tar.csv") == "b.tar-annotated.csv");
  CHECK(annotated_filename("plain") == "plain-annotated.csv");
}
