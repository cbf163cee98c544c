#include "core/services/workflow_config.hpp"
#include "support/errors.hpp"
#include "support/records.hpp"

#include <doctest/doctest.h>

using namespace lumi::services;
using lumi::test::dataset_record;

TEST_CASE("a workflow's configuration comes back as it was") {
  Workflow workflow;
  workflow.job_timeout_sec = 60;
  workflow.inference.body.name = "n-inference";
  workflow.inference.body.model = "m";
  workflow.inference.body.provider = "openai";
  workflow.inference.body.system_prompt = "it's";
  workflow.inference.answers_dataset = AnswersDataset{"a-m-predictions.csv", false};
  workflow.evaluation.name = "n-evaluation";
  workflow.evaluation.request.metrics = {"rouge"};
  const auto read = parse_workflow_config(workflow_config_json(workflow, dataset_record(1)));
  CHECK(read.job_timeout_sec == 60);
  CHECK(read.inference.body.system_prompt == "it's");
  CHECK(read.inference.answers_dataset == workflow.inference.answers_dataset);
  CHECK(read.evaluation.request.metrics == workflow.evaluation.request.metrics);
  CHECK_FALSE(parse_workflow_config(workflow_config_json(Workflow(), dataset_record(1))).job_timeout_sec);
  CHECK(lumi::test::code_of([] { parse_workflow_config("{}"); }) == lumi::ErrorCode::storage);
}

TEST_CASE("a dataset of predictions is named by the input and the model") {
  CHECK(predictions_filename("a/b.c.csv", "org/model-1") == "b.c-org-model-1-predictions.csv");
  CHECK(predictions_filename("b", "m") == "b-m-predictions.csv");
}

TEST_CASE("tasks have prompts of their own, but for the free one") {
  lumi::schemas::TaskDefinition task;
  CHECK(default_system_prompt(task).find("two sentences") != std::string::npos);
  task = {"translation", "Sami", "Norwegian"};
  CHECK(default_system_prompt(task).find("Sami") != std::string::npos);
  CHECK(default_system_prompt(task).find("Norwegian") != std::string::npos);
  task = {"text-generation", {}, {}};
  CHECK(lumi::test::code_of([&] { default_system_prompt(task); }) == lumi::ErrorCode::invalid_input);
}
