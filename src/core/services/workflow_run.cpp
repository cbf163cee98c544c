#include "core/services/workflow_run.hpp"

#include "base/interrupt.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "core/services/compiled_results.hpp"
#include "core/services/job_inputs.hpp"
#include "core/services/workflow_jobs.hpp"
#include "store/files/verified_source.hpp"
#include "store/folder_lock.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/experiment_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lumi::services {

namespace {

using store::DatasetRecord;
using store::JobRecord;
using SteadyTime = std::chrono::steady_clock;

constexpr const char* k_stopped = "stopped";

DatasetRecord dataset_of(store::Database& database, const store::WorkflowRecord& row) {
  const auto experiment = store::ExperimentRepository(database).find(row.experiment_id);
  auto dataset = experiment ? store::DatasetRepository(database).find(experiment->dataset_id) : std::nullopt;
  if (!dataset) {
    throw Error(ErrorCode::not_found,
                "dataset " + quote(experiment ? experiment->dataset_id : std::string()) + " of workflow " +
                    quote(row.id) + " not found");
  }
  return *std::move(dataset);
}

// What an inference job shows, with the limits of its workflow.
InferenceJob limited(const Workflow& workflow) {
  auto job = workflow.inference;
  if (workflow.job_timeout_sec) {
    const std::chrono::milliseconds most(std::chrono::seconds(*workflow.job_timeout_sec));
    auto& timeout = job.controls.engine.timeout;
    timeout = timeout ? std::min(*timeout, most) : most;
  }
  return job;
}

// Ends an evaluation that takes longer than a job of its workflow may.
evaluation::ProgressCallback limited(const Workflow& workflow, const evaluation::ProgressCallback& callback) {
  const auto started = SteadyTime::now();
  return [started, limit = workflow.job_timeout_sec, &callback](const evaluation::Progress& now) {
    if (limit && SteadyTime::now() - started > std::chrono::seconds(*limit)) {
      throw Error(ErrorCode::budget, "the evaluation took longer than " + std::to_string(*limit) + " s");
    }
    if (callback) {
      callback(now);
    }
  };
}

ResultsFile results_of(const JobRecord& job, store::ObjectStores& objects) {
  if (!job.result_key || !job.storage_url) {
    throw Error(ErrorCode::failure, "job " + quote(job.id) + " has no results");
  }
  auto& store = objects.at(*job.storage_url);
  return {*job.result_key, [&store, job](std::uint64_t offset) {
            // Read as a whole first, and verified then.
            return offset == 0 ? store::open_referenced(store, *job.result_key, job.result_sha256.value_or(""))
                               : store.open(*job.result_key, offset);
          }};
}

/// One run of a workflow.
class WorkflowRun {
public:
  WorkflowRun(const WorkflowRunService::Dependencies& with,
              store::WorkflowRecord row,
              const ResumeOptions& options,
              const WorkflowObserver& observer)
      : with_(with), row_(std::move(row)), workflow_(parse_workflow_config(row_.config_json)), options_(options),
        observer_(observer) {}

  WorkflowAnswer perform() {
    start();
    answer_.id = row_.id;
    const auto inference = infer();
    throw_if_interrupted();
    const auto evaluation = evaluate(predictions_of(inference));
    throw_if_interrupted();
    succeed(evaluation, inference);
    return std::move(answer_);
  }

  /// Throws nothing: where the end cannot be written, the next command finds a workflow without a process.
  void fail(const Error& error) {
    store::WorkflowChange change;
    change.status = "failed";
    change.reason = error.code() == ErrorCode::interrupted ? k_stopped : error.what();
    change.end_time = with_.clock.now();
    change.exit_code = with_.exit_code_of(error.code());
    try {
      const InterruptHold hold;
      this->change(change);
    } catch (const std::exception& problem) {
      log_warn("the end of workflow " + row_.id + " is not written: " + problem.what());
    }
  }

private:
  store::Database& database() { return with_.databases.get(); }

  void change(const store::WorkflowChange& change) {
    if (!store::WorkflowRepository(database()).change({row_.id, row_.attempt, row_.status}, change)) {
      throw Error(ErrorCode::conflict, "workflow " + quote(row_.id) + " was taken over by another process");
    }
  }

  void start() {
    store::WorkflowChange change;
    change.status = "running";
    change.start_time = with_.clock.now();
    this->change(change);
    row_.status = "running";
  }

  void begin(const JobRecord& job) {
    if (observer_.on_job) {
      observer_.on_job(job);
    }
  }

  void note(std::optional<std::int64_t> exit_code) {
    if (exit_code == with_.exit_code_of(ErrorCode::partial)) {
      answer_.verdict = ErrorCode::partial;
    }
  }

  JobRecord infer() {
    auto job = find_job(database(), row_.id, k_inference);
    if (job && job->status == "succeeded" && !with_.inference.has_work(*job, options_) &&
        !store::DatasetRepository(database()).find_of_run(job->id).empty()) {
      note(job->driver_exit_code);
      return *std::move(job);
    }
    auto owned = job ? resumed(*std::move(job))
                     : with_.inference.create(limited(workflow_), dataset_of(database(), row_), place());
    const auto id = owned.row.id;
    begin(owned.row);
    auto answer = with_.inference.run(std::move(owned), options_, observer_.on_asked);
    answer_.warnings = std::move(answer.warnings);
    answer_.verdict = answer.verdict;
    return store::JobRepository(database()).find(id).value();
  }

  // The workflow's configuration is that of the last attempt but for what its resumption changed.
  OwnedJob resumed(JobRecord job) {
    job = with_.jobs.look_at(job.id);
    if (job.type == k_inference) {
      job.config_json = inference_config_json(limited(workflow_), dataset_of_job(job, database()));
    }
    return with_.jobs.resume(job);
  }

  JobPlace place() const { return {row_.experiment_id, row_.id}; }

  // The newest dataset of the answers; what earlier attempts made is gone then.
  DatasetRecord predictions_of(const JobRecord& inference) {
    auto made = store::DatasetRepository(database()).find_of_run(inference.id);
    if (made.empty()) {
      throw Error(ErrorCode::not_found, "the predictions of job " + quote(inference.id) + " are gone");
    }
    for (std::size_t i = 1; i < made.size(); ++i) {
      for (auto& warning : with_.datasets.remove(made[i].id, Force::yes).warnings) {
        answer_.warnings.push_back(std::move(warning));
      }
    }
    return std::move(made.front());
  }

  JobRecord evaluate(const DatasetRecord& predictions) {
    auto job = find_job(database(), row_.id, k_evaluator);
    // Of answers that were there before, or by other metrics.
    if (job && (job->dataset_id != predictions.id ||
                job->config_json != evaluator_config_json(workflow_.evaluation, predictions))) {
      forget(*job);
      job.reset();
    }
    if (job && job->status == "succeeded") {
      note(job->driver_exit_code);
      return *std::move(job);
    }
    auto owned = job ? resumed(*std::move(job)) : with_.evaluator.create(workflow_.evaluation, predictions, place());
    const auto id = owned.row.id;
    begin(owned.row);
    auto answer = with_.evaluator.run(std::move(owned), limited(workflow_, observer_.on_scored));
    for (auto& warning : answer.outcome.warnings) {
      answer_.warnings.push_back(std::move(warning));
    }
    if (const auto verdict = evaluation::verdict(answer.outcome)) {
      answer_.verdict = verdict;
    }
    return store::JobRepository(database()).find(id).value();
  }

  // An evaluation that has a name as a baseline stays beside the new one.
  void forget(const JobRecord& evaluation) {
    try {
      with_.jobs.remove(evaluation.id, Force::no);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::conflict) {
        throw;
      }
    }
  }

  void succeed(const JobRecord& evaluation, const JobRecord& inference) {
    const auto writer = with_.objects.for_new().create(compiled_key(row_.id));
    BufferedSink buffered(*writer);
    compile_results(buffered, results_of(evaluation, with_.objects), results_of(inference, with_.objects));
    buffered.flush();
    store::WorkflowChange change;
    change.status = "succeeded";
    change.end_time = with_.clock.now();
    change.exit_code = answer_.verdict ? with_.exit_code_of(*answer_.verdict) : 0;
    change.storage_url = with_.objects.url_for_new();
    const auto lock = store::lock_objects(with_.databases.home(), store::Sharing::shared);
    const auto stored = writer->commit();
    change.result_key = stored.key;
    change.result_sha256 = stored.sha256;
    this->change(change);
  }

  const WorkflowRunService::Dependencies& with_;
  store::WorkflowRecord row_;
  Workflow workflow_;
  const ResumeOptions& options_;
  const WorkflowObserver& observer_;
  WorkflowAnswer answer_;
};

}  // namespace

OwnedWorkflow WorkflowRunService::create(const Workflow& workflow,
                                         const store::ExperimentRecord& experiment,
                                         const store::DatasetRecord& dataset) {
  check(workflow, "workflow '" + workflow.name + "' for experiment '" + experiment.name + "'", dataset);
  return keep(workflow, experiment, dataset);
}

void WorkflowRunService::check(const Workflow& workflow,
                               const std::string& purpose,
                               const store::DatasetRecord& dataset,
                               KeyCheck key_check) {
  const auto samples = with_.inference.check(workflow.inference, dataset, purpose, key_check);
  with_.evaluator.check_ahead(workflow.evaluation, samples, dataset);
}

OwnedWorkflow WorkflowRunService::keep(const Workflow& workflow,
                                       const store::ExperimentRecord& experiment,
                                       const store::DatasetRecord& dataset) {
  store::WorkflowRecord row;
  row.id = with_.ids.uuid();
  row.id.erase(std::remove(row.id.begin(), row.id.end(), '-'), row.id.end());
  row.experiment_id = experiment.id;
  row.name = workflow.name;
  row.description = workflow.description;
  row.config_json = workflow_config_json(workflow, dataset);
  row.created_at = with_.clock.now();
  return with_.control.keep(std::move(row));
}

bool WorkflowRunService::has_work(const store::WorkflowRecord& row, const ResumeOptions& options) {
  const auto job = find_job(with_.databases.get(), row.id, k_inference);
  if (job) {
    const bool has_samples = with_.inference.has_work(*job, options);
    return has_samples || row.status != "succeeded";
  }
  if (row.status == "succeeded") {
    return false;
  }
  with_.inference.check(limited(parse_workflow_config(row.config_json)),
                        dataset_of(with_.databases.get(), row),
                        "workflow '" + row.name + "'");
  return true;
}

WorkflowAnswer
WorkflowRunService::run(OwnedWorkflow workflow, const ResumeOptions& options, const WorkflowObserver& observer) {
  WorkflowRun run(with_, workflow.row, options, observer);
  try {
    return run.perform();
  } catch (const Error& error) {
    run.fail(error);
    throw;
  } catch (const std::exception& error) {
    run.fail(Error(ErrorCode::failure, error.what()));
    throw;
  }
}

}  // namespace lumi::services
