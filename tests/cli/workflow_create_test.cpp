#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

namespace {

constexpr const char* k_nowhere = "http://127.0.0.1:1/v1";

struct WorkflowCreateFixture : test::WorkflowFixture {
  test::CliResult create(const std::vector<std::string>& more) const {
    std::vector<std::string> args{"workflow", "create", "--experiment", experiment, "--max-retries", "0"};
    args.insert(args.end(), more.begin(), more.end());
    return lumi(args);
  }
};

}  // namespace

TEST_CASE_FIXTURE(WorkflowCreateFixture, "a first step that fails stops the rest") {
  const auto result =
      create({"--model", "m", "--base-url", k_nowhere, "--json", "--metric", "rouge", "--description", "d"});
  CHECK(result.exit == 7);
  const auto workflow = Json::parse(result.out);
  CHECK(workflow["status"] == "failed");
  CHECK(workflow["name"] == "m");
  CHECK(workflow["lumi"]["exit_code"] == 7);
  CHECK(workflow["jobs"].size() == 1);
  CHECK(workflow["artifacts_download_url"].is_null());
  CHECK(workflow["metrics"] == Json::object());
  CHECK(result.err.find("{\"log\":{\"workflow_id\":\"" + workflow["id"].get<std::string>() + "\"}}") == 0);
  const auto jobs = json({"job", "list"});
  CHECK(jobs["items"][0]["experiment_id"] == experiment);
  CHECK(jobs["items"][0]["name"] == "m-inference");
  CHECK(lumi({"workflow", "wait", workflow["id"]}).exit == 7);
  CHECK(lumi({"workflow", "download", workflow["id"], "-o", "-"}).exit == 5);
}

TEST_CASE_FIXTURE(WorkflowCreateFixture, "workflow create says what is wrong before anything is kept") {
  const std::vector<std::string> good{"--model", "m", "--base-url", k_nowhere};
  const auto exit_with = [&](std::vector<std::string> more) {
    more.insert(more.end(), good.begin(), good.end());
    return create(more).exit;
  };
  CHECK(create({"--base-url", k_nowhere}).exit == 2);
  CHECK(create({"--model", "m"}).exit == 2);
  CHECK(create({"--model", "m", "--provider", "hf"}).exit == 2);
  CHECK(exit_with({"--metric", "comet"}) == 2);
  CHECK(exit_with({"--metric", "rogue"}) == 2);
  CHECK(exit_with({"--job-timeout-sec", "0"}) == 11);
  CHECK(exit_with({"--inference-output-field", "ground_truth"}) == 11);
  CHECK(exit_with({"--prompt-template", "{{exampels}}"}) == 11);
  CHECK(exit_with({"--temperature", "-1"}) == 11);
  const auto unknown =
      lumi({"workflow", "create", "--experiment", test::k_unknown_id, "--model", "m", "--base-url", k_nowhere});
  CHECK(unknown.exit == 11);
  CHECK(unknown.err.find("Cannot create workflow 'm': No experiment found.") != std::string::npos);
  CHECK(lumi({"workflow", "create", "--model", "m", "--base-url", k_nowhere}).exit == 11);
  const auto secret = create({"--model", "m", "--base-url", k_nowhere, "--secret-key-name", "Mine"});
  CHECK(secret.exit == 4);
  const auto name = json({"experiment", "get", experiment})["name"].get<std::string>();
  CHECK(secret.err.find("Cannot create workflow 'm' for experiment '" + name +
                        "': Requested secret key 'Mine' is not configured.") != std::string::npos);
  CHECK(json({"workflow", "list"})["total"] == 0);
  CHECK(json({"job", "list"})["total"] == 0);
}

TEST_CASE_FIXTURE(WorkflowCreateFixture, "a body of Lumigator is read strictly") {
  const auto body_exit = [&](const std::string& text) {
    return lumi({"workflow", "create", "--max-retries", "0", "-f", file("body.json", text)});
  };
  const std::string common = R"("experiment_id": ")" + experiment + R"(", "base_url": "http://127.0.0.1:1/v1")";
  CHECK(body_exit("{" + common + R"(, "model": "m", "provider": "hosted_vllm"})").exit == 11);
  CHECK(body_exit("{" + common + R"(, "name": "n", "provider": "hosted_vllm"})").exit == 11);
  CHECK(body_exit("{" + common + R"(, "name": "n", "model": "m", "provider": "hosted_vllm", "modle": 1})").exit == 11);
  const auto result = body_exit("{" + common + R"(, "name": "n", "model": "m", "provider": "hosted_vllm",
    "config_template": "t", "batch_size": 2, "system_prompt": "", "inference_output_field": "predictions",
    "generation_config": {"max_new_tokens": 7}, "job_timeout_sec": 60, "metrics": ["rouge"], "description": "",
    "secret_key_name": null, "llm_as_judge": null})");
  CHECK(result.exit == 7);
  CHECK(result.err.find("config_template is not read") != std::string::npos);
}

TEST_CASE_FIXTURE(WorkflowCreateFixture, "ground truths that the metrics need are missed before a model is asked") {
  const auto id = create_dataset("examples,ground_truth\none,1\ntwo,\nthree,3\n");
  const auto other = json({"experiment", "create", "--name", "o", "--dataset", id})["id"].get<std::string>();
  const std::vector<std::string> args{
      "workflow", "create", "--experiment", other, "--model", "m", "--base-url", k_nowhere, "--max-retries", "0"};
  auto with_skip = args;
  with_skip.insert(with_skip.end(), {"--missing-references", "skip"});
  const auto result = lumi(args);
  CHECK(result.exit == 11);
  CHECK(result.err.find('2') != std::string::npos);
  CHECK(lumi(with_skip).exit == 7);
  const auto few = json({"experiment", "create", "--name", "f", "--dataset", id, "--max-samples", "1"})["id"];
  auto of_few = args;
  of_few[3] = few;
  CHECK(lumi(of_few).exit == 7);
}

TEST_CASE_FIXTURE(WorkflowCreateFixture, "a task without a usual prompt needs one") {
  const auto other =
      json({"experiment", "create", "--name", "o", "--dataset", dataset, "--task", "text-generation"})["id"];
  std::vector<std::string> args{
      "workflow", "create", "--experiment", other, "--model", "m", "--base-url", k_nowhere, "--max-retries", "0"};
  const auto result = lumi(args);
  CHECK(result.exit == 11);
  CHECK(result.err.find("Default system_prompt not available for text-generation") != std::string::npos);
  args.insert(args.end(), {"--system-prompt", "Go on."});
  CHECK(lumi(args).exit == 7);
}

TEST_CASE_FIXTURE(WorkflowCreateFixture, "a dry run says what the inference would take, and keeps nothing") {
  const auto plan = create({"--model", "m", "--base-url", k_nowhere, "--dry-run", "--json"});
  CHECK(plan.exit == 0);
  CHECK(Json::parse(plan.out)["rows"] == 2);
  CHECK(json({"workflow", "list"})["total"] == 0);
}

TEST_CASE_FIXTURE(WorkflowCreateFixture, "a dry run needs no key") {
  const auto plan = create({"--model", "gpt-4o-mini", "--provider", "openai", "--dry-run"});
  CHECK(plan.exit == 0);
  CHECK(plan.err.find("'openai_api_key' is not configured") != std::string::npos);
}
