#pragma once
#include "core/schemas/task_definition.hpp"
#include "store/records/job.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {
class JsonWriter;
}

namespace lumi::schemas {

/// The model that judges for the g_eval metrics.
struct LlmAsJudge {
  std::string model_name;
  std::string model_base_url;
};

/// The member llm_as_judge of a body, if it has one. Throws `invalid_input` for an incomplete one.
std::optional<LlmAsJudge> read_judge(BodyReader& body);

/// JobCreate with an evaluator's job_config. Name and dataset may be empty, and the languages of a translation absent:
/// flags may give them.
struct EvaluatorJobCreate {
  std::string name;
  std::string description;
  std::string dataset;
  std::int64_t max_samples = -1;
  std::int64_t batch_size = 1;
  TaskDefinition task_definition;
  std::vector<std::string> metrics;  ///< none: the task's default metrics
  std::optional<LlmAsJudge> llm_as_judge;
  std::optional<std::string> secret_key_name;
};

/// Reads a body of POST /jobs/evaluator. `name` is the file's in messages. Throws `invalid_input` with line (syntax) or
/// JSON pointer (content).
EvaluatorJobCreate parse_evaluator_job(std::string_view json, const std::string& name);

/// Throws `invalid_input` for values out of range and an incomplete task definition, once flags are merged in.
void check_evaluator_job(const EvaluatorJobCreate& body);

/// JobResponse: what POST /jobs/… answers.
void write_job_response(JsonWriter& json, const store::JobRecord& job);

/// Job: JobResponse and what is known of its run, with sensitive values redacted.
void write_job(JsonWriter& json, const store::JobRecord& job);

/// A job's `config_json` with the string values of keys that match `api_key` or `_token` (any case) as `<REDACTED>`.
std::string redacted_config(std::string_view json);

}  // namespace lumi::schemas
