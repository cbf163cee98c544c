#include "core/services/lumigator_experiments.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "core/schemas/experiment.hpp"
#include "core/services/compiled_results.hpp"
#include "core/services/experiment.hpp"
#include "core/services/resolve_id.hpp"
#include "core/services/workflow_config.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/experiment_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <map>

namespace lumi::services {

namespace {

constexpr const char* k_parent = "mlflow.parentRunId";

std::string text_in(const std::map<std::string, std::string>& entries, const char* key) {
  const auto found = entries.find(key);
  return found == entries.end() ? "" : found->second;
}

std::string config_of(const store::MlflowExperiment& experiment) {
  schemas::ExperimentConfig config;
  const auto samples = parse_integer(text_in(experiment.tags, "max_samples"));
  config.max_samples = samples.value_or(config.max_samples);
  const auto task = text_in(experiment.tags, "task_definition");
  config.task_definition = schemas::read_task_definition(schemas::BodyReader::parse(task, "task_definition"));
  return schemas::experiment_config_json(config);
}

// Lumigator says created or running of what was under way when it was stopped, and never anything else afterwards.
void set_end(store::WorkflowRecord& row, const store::MlflowRun& run) {
  const auto status = to_lower_ascii(text_in(run.tags, "status"));
  row.status = status == "succeeded" ? "succeeded" : "failed";
  row.exit_code = row.status == "succeeded" ? 0 : 1;
  row.end_time = run.end_time;
  if (status != "succeeded" && status != "failed") {
    row.reason = "it had not ended in Lumigator";
  }
}

}  // namespace

void LumigatorExperiments::bring(store::MlflowDatabase& mlflow,
                                 const LumigatorImportService::Progress& progress,
                                 ImportCount& experiments,
                                 ImportCount& workflows) {
  std::map<std::string, bool> is_ours;
  for (const auto& experiment : mlflow.experiments()) {
    is_ours[experiment.id] = experiment.tags.contains("lumigator_version");
    if (is_ours[experiment.id]) {
      bring_experiment(experiment, experiments);
      progress(experiments.found);
    }
  }
  const auto runs = mlflow.runs();
  for (const auto& run : runs) {
    if (is_ours[run.experiment_id] && !run.tags.contains(k_parent)) {
      bring_workflow(run, runs, workflows);
      progress(workflows.found);
    }
  }
}

void LumigatorExperiments::bring_experiment(const store::MlflowExperiment& experiment, ImportCount& count) {
  ++count.found;
  auto& database = with_.databases.get();
  store::ExperimentRepository experiments(database);
  store::ExperimentRecord row;
  row.id = padded_id(experiment.id);
  if (experiments.find(row.id)) {
    ++count.present;
    return;
  }
  row.dataset_id = normalize_uuid(text_in(experiment.tags, "dataset")).value_or("");
  if (!store::DatasetRepository(database).find(row.dataset_id)) {
    ++count.left_out;
    notes_.add("experiments are left out, their dataset is gone", experiment.name);
    return;
  }
  row.description = text_in(experiment.tags, "description");
  row.created_at = experiment.created_at.value_or(with_.clock.now());
  row.updated_at = experiment.updated_at;
  try {
    row.config_json = config_of(experiment);
  } catch (const Error&) {
    ++count.left_out;
    notes_.add("experiments are left out, their task is unknown", experiment.name);
    return;
  }
  database.transaction([&] {
    row.name = take_free_name(experiments, experiment.name, row.created_at);
    experiments.insert(row);
  });
  if (row.name != experiment.name) {
    notes_.add("experiments have another name, because theirs is taken", row.name);
  }
  ++count.imported;
}

std::string LumigatorExperiments::workflow_config(const store::MlflowRun& run,
                                                  const std::vector<store::JobRecord>& jobs) {
  auto& database = with_.databases.get();
  Workflow workflow;
  auto& body = workflow.inference.body;
  store::DatasetRecord dataset;
  const auto experiment = store::ExperimentRepository(database).find(padded_id(run.experiment_id));
  if (experiment) {
    dataset = store::DatasetRepository(database).find(experiment->dataset_id).value_or(dataset);
    body.task_definition = schemas::parse_experiment_config(experiment->config_json).task_definition;
  }
  for (const auto& job : jobs) {
    try {
      if (job.type == "evaluator") {
        workflow.evaluation = parse_evaluator_config(job.config_json);
      } else {
        workflow.inference = parse_inference_config(job.config_json);
      }
    } catch (const Error&) {  // a job without results: nothing is known of its configuration
    }
  }
  body.model = text_in(run.tags, "model");
  body.system_prompt = text_in(run.tags, "system_prompt");
  return workflow_config_json(workflow, dataset);
}

void LumigatorExperiments::bring_workflow(const store::MlflowRun& run,
                                          const std::vector<store::MlflowRun>& runs,
                                          ImportCount& count) {
  ++count.found;
  auto& database = with_.databases.get();
  store::WorkflowRecord row;
  row.id = to_lower_ascii(run.id);
  row.experiment_id = padded_id(run.experiment_id);
  if (store::WorkflowRepository(database).find(row.id)) {
    ++count.present;
    return;
  }
  if (!store::ExperimentRepository(database).find(row.experiment_id) || !normalize_uuid(row.id)) {
    ++count.left_out;
    notes_.add("workflows are left out, their experiment is", run.id);
    return;
  }
  row.name = text_in(run.tags, "mlflow.runName");
  row.description = text_in(run.tags, "description");
  row.created_at = run.start_time.value_or(with_.clock.now());
  row.start_time = run.start_time;
  set_end(row, run);
  std::vector<store::JobRecord> jobs;
  for (const auto& nested : runs) {
    if (text_in(nested.tags, k_parent) == run.id) {
      const auto id = normalize_uuid(text_in(nested.params, "ray_job_id"));
      const auto job = id ? store::JobRepository(database).find(*id) : std::nullopt;
      if (job) {
        jobs.push_back(*job);
      } else {
        notes_.add("workflows lack a job that is not there", run.id);
      }
    }
  }
  row.config_json = workflow_config(run, jobs);
  keep(row, jobs);
  ++count.imported;
}

void LumigatorExperiments::keep(const store::WorkflowRecord& row, const std::vector<store::JobRecord>& jobs) {
  auto& database = with_.databases.get();
  const auto insert = [&](const store::WorkflowRecord& record) {
    store::WorkflowRepository(database).insert(record);
    for (const auto& job : jobs) {
      store::JobRepository(database).join_workflow(job.id, record.experiment_id, record.id);
    }
  };
  const auto key = compiled_key(row.id);
  if (objects_.open(key)) {
    auto with_results = row;
    with_results.storage_url = with_.objects.url_for_new();
    with_results.result_key = key;
    return objects_.copy(key, key, [&](const store::StoredObject& stored) {
      with_results.result_sha256 = stored.sha256;
      insert(with_results);
    });
  }
  if (row.status == "succeeded") {
    notes_.add("compiled results are not among the objects", row.id);
  }
  database.transaction([&] { insert(row); });
}

}  // namespace lumi::services
