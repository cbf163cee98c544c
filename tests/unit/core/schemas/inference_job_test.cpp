#include "core/schemas/inference_job.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace lumi;
using namespace lumi::schemas;

namespace {

std::string refusal(std::string_view body, InferenceJobCreate (*parse)(std::string_view, const std::string&)) {
  const auto error = test::error_of([&] { parse(body, "b.json"); });
  REQUIRE_MESSAGE(error, body);
  CHECK(error->code() == ErrorCode::invalid_input);
  return error->what();
}

std::string inference_refusal(std::string_view body) { return refusal(body, parse_inference_job); }
std::string annotate_refusal(std::string_view body) { return refusal(body, parse_annotate_job); }

InferenceJobCreate an_inference() {
  InferenceJobCreate job;
  job.model = "m";
  job.provider = "openai";
  return job;
}

std::optional<ErrorCode> check(const InferenceJobCreate& job) {
  return test::code_of([&] { check_inference_job(job); });
}

}  // namespace

TEST_CASE("an inference body of Lumigator's is read as it is") {
  const auto job = parse_inference_job(R"({
    "name": "n", "description": "d", "dataset": "7b1d6f0e-0000-4000-8000-000000000001", "max_samples": 10,
    "batch_size": 4,
    "job_config": {"job_type": "inference", "model": "gpt-4o-mini", "provider": "openai",
      "task_definition": {"task": "translation", "source_language": "en", "target_language": "de"},
      "accelerator": "cpu", "revision": "r", "use_fast": false, "trust_remote_code": true, "torch_dtype": "float16",
      "base_url": "http://localhost:8080/v1", "output_field": "out",
      "generation_config": {"max_new_tokens": 64, "frequency_penalty": 0.1, "temperature": 0, "top_p": 1},
      "store_to_dataset": true, "system_prompt": "s", "secret_key_name": "openai_api_key"}})",
                                       "b.json");
  CHECK(job.job_type == "inference");
  CHECK(job.name == "n");
  CHECK(job.description == "d");
  CHECK(job.dataset == "7b1d6f0e-0000-4000-8000-000000000001");
  CHECK(job.max_samples == 10);
  CHECK(job.batch_size == 4);
  CHECK(job.model == "gpt-4o-mini");
  CHECK(job.provider == "openai");
  CHECK(job.task_definition.target_language == "de");
  CHECK(job.pipeline == PipelineOptions{"cpu", "r", false, true, "float16"});
  CHECK(job.base_url == "http://localhost:8080/v1");
  CHECK(job.output_field == "out");
  CHECK(job.generation_config == GenerationConfig{64, 0.1, 0, 1});
  CHECK(job.store_to_dataset);
  CHECK(job.system_prompt == "s");
  CHECK(job.secret_key_name == "openai_api_key");
}

TEST_CASE("what an inference body leaves out has Lumigator's defaults, null included") {
  for (const char* body :
       {R"({})",
        R"({"job_config":{}})",
        R"({"name":null,"job_config":{"generation_config":null,"base_url":null,"store_to_dataset":null,
                              "system_prompt":null,"task_definition":null,"output_field":null}})"}) {
    const auto job = parse_inference_job(body, "b.json");
    CHECK(job.max_samples == -1);
    CHECK(job.batch_size == 1);
    CHECK(job.task_definition.task == "summarization");
    CHECK(job.pipeline == PipelineOptions{});
    CHECK(job.output_field == "predictions");
    CHECK(job.generation_config == GenerationConfig{1024, 0.0, 0.5, 0.5});
    CHECK_FALSE(job.store_to_dataset);
    CHECK_FALSE(job.base_url);
    CHECK_FALSE(job.system_prompt);
    CHECK_FALSE(job.secret_key_name);
  }
  const auto partly = parse_inference_job(R"({"job_config":{"generation_config":{"temperature":1}}})", "b.json");
  CHECK(partly.generation_config == GenerationConfig{1024, 0.0, 1, 0.5});
}

TEST_CASE("an annotation writes ground truth, into a new dataset unless told otherwise") {
  const auto job = parse_annotate_job(R"({"name":"n","dataset":"d","job_config":{"job_type":"annotate",
    "output_field":"ground_truth","store_to_dataset":true}})",
                                      "b.json");
  CHECK(job.job_type == "annotate");
  CHECK(job.model == "facebook/bart-large-cnn");
  CHECK(job.provider == "hf");
  CHECK(job.output_field == "ground_truth");
  CHECK(job.store_to_dataset);
  CHECK(parse_annotate_job(R"({"job_config":{"model":"m","provider":"openai"}})", "b.json").provider == "openai");
  CHECK(annotate_refusal(R"({"job_config":{"output_field":"predictions"}})") ==
        "b.json: /job_config/output_field is \"predictions\", but an annotation writes \"ground_truth\"");
  CHECK_FALSE(parse_annotate_job(R"({"job_config":{"store_to_dataset":false}})", "b.json").store_to_dataset);
  CHECK(annotate_refusal(R"({"job_config":{"job_type":"inference"}})") ==
        "b.json: /job_config/job_type is \"inference\", but this is an annotate job");
}

TEST_CASE("what does not belong into an inference body is refused at its place") {
  CHECK(inference_refusal(R"({"nam":"n"})") == "b.json: /nam is not known");
  CHECK(inference_refusal(R"({"job_config":{"modl":"x"}})") == "b.json: /job_config/modl is not known");
  const auto near = test::error_of([] { parse_inference_job(R"({"job_config":{"modl":"x"}})", "b.json"); });
  CHECK(near->hint() == "did you mean \"model\"?");
  CHECK(inference_refusal(R"({"job_config":{"generation_config":{"max_tokens":5}}})") ==
        "b.json: /job_config/generation_config/max_tokens is not known");
  CHECK(inference_refusal(R"({"job_config":{"generation_config":{"temperature":"cold"}}})") ==
        "b.json: /job_config/generation_config/temperature needs a number, not a text");
  CHECK(inference_refusal(R"({"job_config":{"generation_config":{"max_new_tokens":1.5}}})") ==
        "b.json: /job_config/generation_config/max_new_tokens needs a whole number, not 1.5");
  CHECK(inference_refusal(R"({"job_config":{"metrics":["rouge"]}})") == "b.json: /job_config/metrics is not known");
  CHECK(inference_refusal(R"({"job_config":{"job_type":"evaluator"}})") ==
        "b.json: /job_config/job_type is \"evaluator\", but this is an inference job");
  CHECK(inference_refusal(R"({"batch_size":0})") == "b.json: /batch_size needs a number above 0, not 0");
  CHECK(inference_refusal(R"({"job_config":[]})") == "b.json: /job_config needs an object, not a list");
}

TEST_CASE("an inference is checked once all of it is known") {
  CHECK_FALSE(check(an_inference()));
  auto job = an_inference();
  job.model = "";
  CHECK(check(job) == ErrorCode::invalid_input);
  job = an_inference();
  job.provider = "";
  CHECK(check(job) == ErrorCode::invalid_input);
  job = an_inference();
  job.batch_size = 0;
  CHECK(check(job) == ErrorCode::invalid_input);
  for (const char* field : {"", " ", "examples"}) {
    job = an_inference();
    job.output_field = field;
    CHECK(check(job) == ErrorCode::invalid_input);
  }
  job = an_inference();
  job.task_definition = {"translation", "en", {}};
  CHECK(check(job) == ErrorCode::invalid_input);
}

TEST_CASE("numbers of a generation_config have their range") {
  const auto code = [](const GenerationConfig& config) {
    return test::code_of([&] { check_generation_config(config); });
  };
  constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(code({1, -2, 0, 0}));
  CHECK_FALSE(code({1'000'000, 2, 2, 1}));
  CHECK(code({0, 0, 0.5, 0.5}) == ErrorCode::invalid_input);
  CHECK(code({1, 2.1, 0.5, 0.5}) == ErrorCode::invalid_input);
  CHECK(code({1, -2.1, 0.5, 0.5}) == ErrorCode::invalid_input);
  CHECK(code({1, 0, -0.1, 0.5}) == ErrorCode::invalid_input);
  CHECK(code({1, 0, k_nan, 0.5}) == ErrorCode::invalid_input);
  CHECK(code({1, 0, 0.5, 1.1}) == ErrorCode::invalid_input);
  CHECK(code({1, 0, 0.5, -0.1}) == ErrorCode::invalid_input);
}
