#pragma once
#include "core/evaluation/request.hpp"
#include "core/schemas/job.hpp"
#include "core/schemas/task_definition.hpp"
#include "store/records/dataset.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::services {

/// Everything about an evaluator job that its configuration says.
struct EvaluatorJob {
  std::string name;  ///< empty: default_job_name
  std::string description;
  std::int64_t batch_size = 1;
  schemas::TaskDefinition task_definition;
  std::optional<schemas::LlmAsJudge> llm_as_judge;
  std::optional<std::string> secret_key_name;
  evaluation::Request request;  ///< its `task` is that of the task definition
};

/// The job that a body asks for; what only flags can say keeps its default.
EvaluatorJob to_evaluator_job(const schemas::EvaluatorJobCreate& body);

/// A job's name where none is given: `evaluate FILENAME`.
std::string default_job_name(std::string_view filename);

/// `jobs/results/{name}/{id}/results.json`, the name with every character that is not a letter or digit of any script,
/// `_`, `.` or `-` replaced by `-`.
std::string results_key(std::string_view job_name, std::string_view job_id);

/// The configuration that the job's row keeps and `job get` shows.
std::string evaluator_config_json(const EvaluatorJob& job, const store::DatasetRecord& dataset);

/// The job that a row's configuration describes. Throws `storage` for one that is damaged.
EvaluatorJob parse_evaluator_config(std::string_view config_json);

/// Where a job's things are, as its parameters say; empty where nothing is stored.
struct ParameterPlaces {
  std::string_view job_id;
  std::string_view dataset;
  std::string_view storage;
};

/// What results.json echoes as `parameters`.
std::string evaluator_parameters_json(const EvaluatorJob& job, const ParameterPlaces& places);

}  // namespace lumi::services
