#pragma once
#include "core/schemas/inference_job.hpp"
#include "core/schemas/job.hpp"
#include "store/records/job.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::schemas {

/// WorkflowCreateRequest. What has no value may be given by flags.
struct WorkflowCreate {
  std::string name;
  std::string description;
  std::string experiment_id;
  std::optional<std::int64_t> job_timeout_sec;  ///< nothing: no limit
  std::vector<std::string> metrics;             ///< none: the default metrics of the experiment's task
  std::optional<LlmAsJudge> llm_as_judge;
  InferenceJobCreate inference;      ///< what its first job does; name, dataset and task come from elsewhere
  bool has_config_template = false;  ///< which is read by nobody
};

/// Reads a body of POST /workflows, where job_timeout_sec is 3600 if it is left out. `name` is the file's in messages.
/// Throws `invalid_input` with line (syntax) or JSON pointer (content).
WorkflowCreate parse_workflow(std::string_view json, const std::string& name);

/// Throws `invalid_input` for what is missing or out of range once flags are merged in.
void check_workflow(const WorkflowCreate& body);

/// A workflow's jobs as Lumigator's tracking shows them, newest first: `[{"id","metrics":[{"name","value"}],
/// "parameters":[{"name","value"}],"metric_url","artifact_url"}]`.
std::string workflow_jobs_json(const std::vector<store::JobRecord>& jobs);

/// What the newest job of each type came to, `{name: value}`: each number of an evaluation as METRIC_SUBMETRIC rounded
/// to three decimals, those of an inference under their own names.
std::string workflow_metrics_json(const std::vector<store::JobRecord>& jobs);

/// The ids of the newest job of each type and where their results are, `{name: value}`; a name of both jobs is the
/// later one's, the other's starts with its kind.
std::string workflow_parameters_json(const std::vector<store::JobRecord>& jobs);

}  // namespace lumi::schemas
