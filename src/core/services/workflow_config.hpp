#pragma once
#include "core/services/evaluator_job.hpp"
#include "core/services/inference_job.hpp"
#include "store/records/dataset.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::services {

/// Everything about a workflow that its row says: what its two jobs do.
struct Workflow {
  std::string name;
  std::string description;
  InferenceJob inference;
  EvaluatorJob evaluation;
  std::optional<std::int64_t> job_timeout_sec;  ///< for each job; nothing: no limit
};

/// The system prompt of a workflow that was given none. Throws `invalid_input` for a task that has no usual one.
std::string default_system_prompt(const schemas::TaskDefinition& task);

/// `{stem}-{model with / as -}-predictions.csv`.
std::string predictions_filename(std::string_view filename, std::string_view model);

/// The configuration that a workflow's row keeps.
std::string workflow_config_json(const Workflow& workflow, const store::DatasetRecord& dataset);

/// The jobs that a row's configuration describes; name and description are columns of their own. Throws `storage` for
/// one that is damaged.
Workflow parse_workflow_config(std::string_view config_json);

}  // namespace lumi::services
