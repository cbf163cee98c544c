#include "core/services/run.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "core/services/comparison.hpp"
#include "core/services/workflow_jobs.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/experiment_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace lumi::services {

namespace {

using Json = nlohmann::json;

// A process that was killed is gone a moment later.
constexpr std::chrono::milliseconds k_time_to_end(1'000);

bool same_task(const schemas::TaskDefinition& a, const schemas::TaskDefinition& b) {
  return a.task == b.task && a.source_language == b.source_language && a.target_language == b.target_language;
}

bool same_pairs(const InferenceJob& a, const InferenceJob& b) {
  const auto same_parameter = [](const auto& x, const auto& y) { return x.name == y.name && x.json == y.json; };
  const auto same_header = [](const auto& x, const auto& y) { return x.name == y.name && x.value == y.value; };
  return std::equal(
             a.parameters.begin(), a.parameters.end(), b.parameters.begin(), b.parameters.end(), same_parameter) &&
         std::equal(a.headers.begin(), a.headers.end(), b.headers.begin(), b.headers.end(), same_header);
}

// Whether both ask the same model the same thing.
bool same_question(const InferenceJob& a, const InferenceJob& b) {
  return a.body.model == b.body.model && a.body.provider == b.body.provider && a.body.base_url == b.body.base_url &&
         a.body.system_prompt == b.body.system_prompt && a.prompt_template == b.prompt_template &&
         a.body.generation_config == b.body.generation_config && a.body.pipeline == b.body.pipeline &&
         a.body.output_field == b.body.output_field && a.seed == b.seed && a.sample_seed == b.sample_seed &&
         same_pairs(a, b);
}

std::string run_lock_id(const std::string& run_name) {
  constexpr std::size_t k_id_length = 32;
  return sha256_hex(run_name).substr(0, k_id_length);
}

std::optional<double> number_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

void read_summary(const std::string& summary_json, ModelOutcome& outcome) {
  const auto summary = Json::parse(summary_json, nullptr, false);
  if (!summary.is_object()) {
    return;
  }
  outcome.coverage = number_in(summary, "coverage");
  outcome.cost = number_in(summary, "cost");
  outcome.latency_p95_ms = number_in(summary, "latency_p95_ms");
  if (const auto metrics = summary.find("metrics"); metrics != summary.end() && metrics->is_object()) {
    outcome.avg_total_tokens = number_in(*metrics, "avg_total_tokens");
  }
}

}  // namespace

RunLock::~RunLock() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

RunLock RunService::lock(const std::string& run_name) {
  const auto& home = with_.databases.home();
  const auto id = run_lock_id(run_name);
  if (auto lock = store::JobLock::try_acquire(home, id, with_.clock)) {
    return {*std::move(lock), home.job_folder(id)};
  }
  const auto owner = store::JobLock::find_owner(home, id);
  throw Error(ErrorCode::conflict,
              "run " + quote(run_name) + " is in use" +
                  (owner ? ": process " + std::to_string(owner->process.pid) + " on " + quote(owner->process.host) +
                               " works on it since " + to_rfc3339(owner->since)
                         : std::string()),
              "wait for its end, or give this one another --name");
}

std::optional<store::ExperimentRecord> RunService::find_experiment(const schemas::ExperimentCreate& wanted,
                                                                   const store::DatasetRecord& dataset) {
  auto* database = with_.databases.find();
  if (database == nullptr) {
    return std::nullopt;
  }
  store::DatasetRepository datasets(*database);
  for (auto& experiment : store::ExperimentRepository(*database).list({0, 0}).items) {
    const auto config = schemas::parse_experiment_config(experiment.config_json);
    if (config.run.value_or(experiment.name) != wanted.name || config.max_samples != wanted.max_samples ||
        config.sample_seed != wanted.sample_seed || !same_task(config.task_definition, wanted.task_definition)) {
      continue;
    }
    const auto rows = datasets.find(experiment.dataset_id);
    if (rows && rows->object_sha256 == dataset.object_sha256) {
      return std::move(experiment);
    }
  }
  return std::nullopt;
}

std::optional<store::WorkflowRecord> RunService::find_workflow(const std::string& experiment_id,
                                                               const Workflow& wanted) {
  for (auto& row : with_.experiments.workflows(experiment_id)) {
    if (same_question(parse_workflow_config(row.config_json).inference, wanted.inference)) {
      return std::move(row);
    }
  }
  return std::nullopt;
}

bool RunService::is_answered(const store::WorkflowRecord& row, const ResumeOptions& options, KeyCheck key_check) {
  const auto job = find_job(*with_.databases.find(), row.id, k_inference);
  return job && job->status == "succeeded" && !with_.inference.has_work(*job, options, key_check) &&
         !store::DatasetRepository(*with_.databases.find()).find_of_run(job->id).empty();
}

ModelRun RunService::plan(std::string name,
                          Workflow workflow,
                          const std::optional<store::ExperimentRecord>& experiment,
                          const store::DatasetRecord& dataset,
                          const ResumeOptions& options,
                          KeyCheck key_check) {
  ModelRun model{std::move(name), std::move(workflow), std::nullopt, RunStep::ask};
  model.row = experiment ? find_workflow(experiment->id, model.workflow) : std::nullopt;
  if (model.row && !is_finished(*model.row)) {
    model.row = with_.control.wait({model.row->id}, {k_time_to_end}).front();
    if (!is_finished(*model.row)) {
      throw with_.control.ownership_of(model.row->id).in_use();
    }
  }
  if (model.row && is_answered(*model.row, options, key_check)) {
    const auto known = parse_workflow_config(model.row->config_json).evaluation;
    const bool is_scored =
        model.row->status == "succeeded" &&
        evaluator_config_json(known, dataset) == evaluator_config_json(model.workflow.evaluation, dataset);
    model.step = is_scored ? RunStep::nothing : RunStep::score;
  }
  if (model.step == RunStep::ask) {
    with_.workflows.check(model.workflow, "workflow of model '" + model.name + "'", dataset, key_check);
  }
  return model;
}

OwnedWorkflow RunService::take_up(const ModelRun& model,
                                  const store::ExperimentRecord& experiment,
                                  const store::DatasetRecord& dataset) {
  if (!model.row) {
    return with_.workflows.keep(model.workflow, experiment, dataset);
  }
  auto row = *model.row;
  row.config_json = workflow_config_json(model.workflow, dataset);
  return with_.control.resume(row);
}

ModelOutcome RunService::outcome(const std::string& name, const std::string& workflow_id) {
  const auto row = with_.control.look_at(workflow_id);
  ModelOutcome outcome;
  outcome.name = name;
  outcome.model = parse_workflow_config(row.config_json).inference.body.model;
  outcome.workflow_id = row.id;
  outcome.status = row.status;
  outcome.reason = row.reason;
  outcome.exit_code = row.exit_code;
  auto& database = *with_.databases.find();
  if (const auto job = find_job(database, row.id, k_inference); job && job->summary_json) {
    read_summary(*job->summary_json, outcome);
  }
  if (const auto job = find_job(database, row.id, k_evaluator); job && row.status == "succeeded") {
    auto party = ComparisonService(with_.jobs).job(job->id);
    outcome.evaluation_id = std::exchange(party.id, name);
    outcome.samples = party.results.outcome().samples;
    outcome.scored = std::move(party);
  }
  return outcome;
}

std::optional<double> find_value(const ModelOutcome& outcome, std::string_view name) {
  if (name == "cost") {
    return outcome.cost;
  }
  if (name == "avg_total_tokens") {
    return outcome.avg_total_tokens;
  }
  if (name == "latency_p95_ms") {
    return outcome.latency_p95_ms;
  }
  return outcome.scored ? evaluation::find_value(outcome.scored->results.outcome(), name) : std::nullopt;
}

}  // namespace lumi::services
