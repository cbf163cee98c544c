#include "base/byte_stream.hpp"
#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "core/schemas/job.hpp"

#include <doctest/doctest.h>

using namespace lumi::schemas;
using lumi::Error;
using lumi::ErrorCode;

namespace {

std::string body_error(std::string_view body, ErrorCode code = ErrorCode::invalid_input) {
  try {
    check_evaluator_job(parse_evaluator_job(body, "b.json"));
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.what();
  }
  FAIL("accepted " << body);
  return {};
}

lumi::store::JobRecord a_job() {
  lumi::store::JobRecord job;
  job.id = "7b1d6f0e-0000-4000-8000-000000000001";
  job.name = "a job";
  job.type = "evaluator";
  job.status = "failed";
  job.config_json =
      R"({"openai_API_KEY":"sk-1","nested":[{"auth_token":"t","max_new_tokens":5}],"secret_key_name":"n"})";
  job.created_at = {1'748'768'160'000'000};
  job.end_time = lumi::Timestamp{1'748'768'161'500'000};
  job.message = "interrupted";
  job.driver_exit_code = 1;
  return job;
}

}  // namespace

TEST_CASE("a body of Lumigator's is read as it is") {
  const auto job = parse_evaluator_job(R"({
    "name": "my evaluation", "description": "d", "dataset": "7b1d6f0e-0000-4000-8000-000000000001", "max_samples": 10,
    "batch_size": 4,
    "job_config": {"job_type": "evaluator", "task_definition": {"task": "translation", "source_language": "en",
      "target_language": "de"}, "metrics": ["rouge", "bleu"], "llm_as_judge": {"model_name": "m",
      "model_base_url": "http://localhost:11434"}, "secret_key_name": "openai_api_key"}})",
                                       "b.json");
  CHECK(job.name == "my evaluation");
  CHECK(job.description == "d");
  CHECK(job.dataset == "7b1d6f0e-0000-4000-8000-000000000001");
  CHECK(job.max_samples == 10);
  CHECK(job.batch_size == 4);
  CHECK(job.task_definition.task == "translation");
  CHECK(job.task_definition.target_language == "de");
  CHECK(job.metrics == std::vector<std::string>{"rouge", "bleu"});
  REQUIRE(job.llm_as_judge);
  CHECK(job.llm_as_judge->model_base_url == "http://localhost:11434");
  CHECK(job.secret_key_name == "openai_api_key");
}

TEST_CASE("what a body leaves out has Lumigator's defaults, null included") {
  const auto job = parse_evaluator_job(
      R"({"name":"n","dataset":"d","max_samples":null,"job_config":{"metrics":null,"llm_as_judge":null}})", "b.json");
  CHECK(job.description.empty());
  CHECK(job.max_samples == -1);
  CHECK(job.batch_size == 1);
  CHECK(job.task_definition.task == "summarization");
  CHECK(job.metrics.empty());
  CHECK_FALSE(job.llm_as_judge);
  CHECK_FALSE(job.secret_key_name);
}

TEST_CASE("what does not belong into a body is refused at its place") {
  CHECK(body_error(R"({"nam":"n"})") == "b.json: /nam is not known");
  CHECK(body_error(R"({"job_config":{"metric":["rouge"]}})") == "b.json: /job_config/metric is not known");
  CHECK(body_error(R"({"job_config":{"job_type":"inference"}})").starts_with("b.json: /job_config/job_type is "));
  CHECK(body_error(R"({"job_config":{"metrics":"rouge"}})") ==
        "b.json: /job_config/metrics needs a list of texts, not a text");
  CHECK(body_error(R"({"job_config":{"metrics":[]}})") == "b.json: /job_config/metrics is empty");
  CHECK(body_error(R"({"batch_size":0})") == "b.json: /batch_size needs a number above 0, not 0");
  CHECK(body_error(R"({"max_samples":"ten"})") == "b.json: /max_samples needs a whole number, not a text");
  CHECK(body_error(R"({"job_config":{"llm_as_judge":{"model_name":"m"}}})") ==
        "b.json: /job_config/llm_as_judge/model_base_url is missing");
}

TEST_CASE("a task definition is told by its task") {
  const auto with_task = [](const std::string& task) { return R"({"job_config":{"task_definition":)" + task + "}}"; };
  CHECK(body_error(with_task("{}")) == "b.json: /job_config/task_definition/task is missing");
  CHECK(body_error(with_task(R"({"task":"Translation"})")).find("unknown task \"Translation\"") != std::string::npos);
  CHECK(body_error(with_task(R"({"task":"summarization","source_language":"en"})")) ==
        "b.json: /job_config/task_definition/source_language is not known");
  CHECK(body_error(with_task(R"({"task":"translation","source_language":"en"})")).find("target_language") !=
        std::string::npos);
}

TEST_CASE("a Job has every field, times in UTC, and no secret value") {
  lumi::TextSink sink;
  lumi::JsonWriter json(sink);
  write_job(json, a_job());
  CHECK(sink.text() ==
        R"({"id":"7b1d6f0e-0000-4000-8000-000000000001","name":"a job","description":"","status":"failed",)"
        R"("job_type":"evaluator","created_at":"2025-06-01T08:56:00Z","experiment_id":null,"updated_at":null,)"
        R"("type":"SUBMISSION","submission_id":"7b1d6f0e-0000-4000-8000-000000000001","driver_info":null,)"
        R"("config":{"openai_API_KEY":"<REDACTED>","nested":[{"auth_token":"<REDACTED>","max_new_tokens":5}],)"
        R"("secret_key_name":"n"},"message":"interrupted","error_type":null,"start_time":null,)"
        R"("end_time":"2025-06-01T08:56:01.500000Z","metadata":{"job_type":"evaluator"},"runtime_env":{},)"
        R"("driver_agent_http_address":null,"driver_node_id":null,"driver_exit_code":1})");
}

TEST_CASE("a JobResponse has the eight fields of the answer to a POST") {
  lumi::TextSink sink;
  lumi::JsonWriter json(sink);
  write_job_response(json, a_job());
  CHECK(sink.text() ==
        R"({"id":"7b1d6f0e-0000-4000-8000-000000000001","name":"a job","description":"","status":"failed",)"
        R"("job_type":"evaluator","created_at":"2025-06-01T08:56:00Z","experiment_id":null,"updated_at":null})");
}
