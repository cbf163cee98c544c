#pragma once
#include "base/clock.hpp"
#include "core/comparison/likeness.hpp"
#include "core/evaluation/sample_status.hpp"
#include "core/services/experiment.hpp"
#include "core/services/job.hpp"
#include "core/services/workflow_config.hpp"
#include "core/services/workflow_control.hpp"
#include "core/services/workflow_run.hpp"
#include "store/database_provider.hpp"
#include "store/records/dataset.hpp"
#include "store/records/experiment.hpp"
#include "store/records/workflow.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::services {

/// What a model of a run still has to do: nothing, only the scoring of answers that are there, or asking too.
enum class RunStep { nothing, score, ask };

/// A model of a run with what is known of it from earlier calls.
struct ModelRun {
  std::string name;
  Workflow workflow;
  std::optional<store::WorkflowRecord> row;  ///< nothing: never begun
  RunStep step = RunStep::ask;
};

/// What a model of a run came to.
struct ModelOutcome {
  std::string name;
  std::string model;
  std::optional<std::string> workflow_id;
  std::string status = "created";
  std::string reason;
  std::optional<std::int64_t> exit_code;
  evaluation::SampleCounts samples;
  std::optional<double> coverage;
  std::optional<double> cost;  ///< USD; nothing without a price
  std::optional<double> avg_total_tokens;
  std::optional<double> latency_p95_ms;
  std::optional<std::string> evaluation_id;  ///< the evaluator job
  std::optional<comparison::Party> scored;   ///< its results, under the model's name
};

/// Held while a run is worked on. Its folder goes with it, unless the process is killed.
class RunLock {
public:
  RunLock(store::JobLock lock, std::filesystem::path folder) : lock_(std::move(lock)), folder_(std::move(folder)) {}
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

private:
  store::JobLock lock_;
  std::filesystem::path folder_;
};

/// One evaluation of several models: an experiment with a workflow for each, found again by the same call.
class RunService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    ExperimentService& experiments;
    WorkflowControlService& control;
    WorkflowRunService& workflows;
    InferenceService& inference;
    EvaluatorService& evaluator;
    JobService& jobs;
    const Clock& clock;
  };

  explicit RunService(Dependencies dependencies) : with_(dependencies) {}

  /// Taken while a run of that name is worked on; others throw `conflict` naming the process that has it.
  RunLock lock(const std::string& run_name);

  /// The newest experiment of the same name, rows, task, max_samples and sampling.
  std::optional<store::ExperimentRecord> find_experiment(const schemas::ExperimentCreate& wanted,
                                                         const store::DatasetRecord& dataset);

  /// What `workflow` has left to do in `experiment` (nothing: a new one), where the newest workflow counts that asks
  /// the same model the same thing. Checks all that can be checked before any work, and throws what that throws;
  /// `conflict` while another process works on it.
  ModelRun plan(std::string name,
                Workflow workflow,
                const std::optional<store::ExperimentRecord>& experiment,
                const store::DatasetRecord& dataset,
                const ResumeOptions& options,
                KeyCheck key_check = KeyCheck::yes);

  /// Takes a model up that has something left to do, owned by this process.
  OwnedWorkflow
  take_up(const ModelRun& model, const store::ExperimentRecord& experiment, const store::DatasetRecord& dataset);

  /// What is there of a model now.
  ModelOutcome outcome(const std::string& name, const std::string& workflow_id);

private:
  std::optional<store::WorkflowRecord> find_workflow(const std::string& experiment_id, const Workflow& wanted);
  bool is_answered(const store::WorkflowRecord& row, const ResumeOptions& options, KeyCheck key_check);

  Dependencies with_;
};

/// The number that a condition's full name stands for: of the scores, or cost, avg_total_tokens, latency_p95_ms.
std::optional<double> find_value(const ModelOutcome& outcome, std::string_view name);

}  // namespace lumi::services
