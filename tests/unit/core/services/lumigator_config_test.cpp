#include "core/services/import_notes.hpp"
#include "core/services/lumigator_config.hpp"
#include "support/records.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using services::parse_lumigator_parameters;

TEST_CASE("what results of Lumigator tell of an inference becomes a configuration of lumi") {
  auto job = test::job_record(1);
  job.type = "annotate";
  const auto config = parse_lumigator_parameters(
      R"({"name":"n/x","dataset":{"path":"s3://b/datasets/0A000000-0000-4000-8000-000000000001/a b.csv"},)"
      R"("job":{"max_samples":3,"batch_size":2,"output_field":null},"system_prompt":"p","inference_server":null,)"
      R"("hf_pipeline":{"model_name_or_path":"org/m"},"generation_config":{"temperature":0.25},)"
      R"("task_definition":{"task":"translation","source_language":"en","target_language":"no"}})",
      job);
  CHECK(config.dataset_id == "0a000000-0000-4000-8000-000000000001");
  REQUIRE(config.inference);
  const auto& body = config.inference->body;
  CHECK(body.name == job.name);
  CHECK(body.model == "org/m");
  CHECK(body.provider == "hf");
  CHECK(body.max_samples == 3);
  CHECK(body.batch_size == 2);
  CHECK(body.output_field == "ground_truth");
  CHECK(body.system_prompt == "p");
  CHECK(body.generation_config.temperature == 0.25);
  CHECK(body.generation_config.top_p == 0.5);
  CHECK(body.task_definition.target_language == "no");
  const auto dataset = test::dataset_record(1);
  const auto kept = services::parse_inference_config(services::config_json_of(config, job, &dataset));
  CHECK(kept.body.model == "org/m");
}

TEST_CASE("and of an evaluation") {
  const auto job = test::job_record(2);
  const auto config = parse_lumigator_parameters(
      R"({"dataset":{"path":"nowhere"},"evaluation":{"metrics":["rouge","bleu"],"max_samples":0,)"
      R"("llm_as_judge":{"model_name":"j","model_base_url":"http://j"}},"predictions_field":"p"})",
      job);
  CHECK_FALSE(config.dataset_id);
  REQUIRE(config.evaluation);
  CHECK(config.evaluation->request.metrics == std::vector<std::string>{"rouge", "bleu"});
  CHECK(config.evaluation->request.columns.predictions == "p");
  CHECK(config.evaluation->llm_as_judge->model_name == "j");
}

TEST_CASE("parameters of another form tell nothing, and break nothing") {
  const auto job = test::job_record(3);
  for (const auto* text : {"null",
                           "[]",
                           "{",
                           "{}",
                           R"({"job":1})",
                           R"({"evaluation":{"metrics":"rouge"}})",
                           R"({"job":{"max_samples":"x"}})"}) {
    CAPTURE(text);
    const auto config = parse_lumigator_parameters(text, job);
    CHECK_FALSE(config.dataset_id);
    CHECK(services::config_json_of(config, job, nullptr) ==
          R"({"name":"job 3/)" + job.id + R"(","dataset":null,"max_samples":null,"model_name_or_path":null})");
  }
}

TEST_CASE("notes are gathered by reason") {
  services::ImportNotes notes;
  for (const auto* name : {"a", "b", "c", "d"}) {
    notes.add("left out", name);
  }
  notes.add("lost", "x");
  CHECK(notes.texts() == std::vector<std::string>{"left out (4): \"a\", \"b\", \"c\", …", "lost (1): \"x\""});
}
