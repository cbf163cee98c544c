#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "core/evaluation/evaluate.hpp"
#include "core/inference/engine.hpp"
#include "core/services/dataset.hpp"
#include "core/services/evaluator.hpp"
#include "core/services/inference.hpp"
#include "core/services/job_control.hpp"
#include "core/services/workflow_config.hpp"
#include "core/services/workflow_control.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/experiment.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// How a caller watches a workflow; what is empty is not called.
struct WorkflowObserver {
  std::function<void(const store::JobRecord&)> on_job;  ///< a job begins
  inference::ProgressCallback on_asked;
  evaluation::ProgressCallback on_scored;
};

/// What a workflow came to.
struct WorkflowAnswer {
  std::string id;
  std::vector<std::string> warnings;
  std::optional<ErrorCode> verdict;  ///< `partial` where samples have no answer
};

/// Makes and runs workflows on this machine: an inference, a dataset of its predictions, their evaluation, and the
/// results of both in one file. Each step that was done is not done again.
class WorkflowRunService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    DatasetService& datasets;
    InferenceService& inference;
    EvaluatorService& evaluator;
    JobControlService& jobs;
    WorkflowControlService& control;
    const Clock& clock;
    IdSource& ids;
    std::function<int(ErrorCode)> exit_code_of;
  };

  explicit WorkflowRunService(Dependencies dependencies) : with_(std::move(dependencies)) {}

  /// Checks, then keeps.
  OwnedWorkflow
  create(const Workflow& workflow, const store::ExperimentRecord& experiment, const store::DatasetRecord& dataset);

  /// Checks everything that can be checked before any work (as the creation of both jobs does, and the ground truths
  /// that the evaluation will need). Messages say that `purpose` needs its key.
  void check(const Workflow& workflow,
             const std::string& purpose,
             const store::DatasetRecord& dataset,
             KeyCheck key_check = KeyCheck::yes);

  /// Stores the workflow as `created`, owned by this process.
  OwnedWorkflow
  keep(const Workflow& workflow, const store::ExperimentRecord& experiment, const store::DatasetRecord& dataset);

  /// Whether a workflow that has ended has something left to do. Then its first job is checked as a new one.
  bool has_work(const store::WorkflowRecord& row, const ResumeOptions& options);

  /// Runs a workflow that this process owns: running, then succeeded with results, or failed. Whatever stopped it is
  /// thrown once the row says so.
  WorkflowAnswer run(OwnedWorkflow workflow, const ResumeOptions& options, const WorkflowObserver& observer);

private:
  Dependencies with_;
};

}  // namespace lumi::services
