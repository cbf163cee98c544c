#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "core/evaluation/evaluate.hpp"
#include "core/inference/sample_source.hpp"
#include "core/services/evaluator_job.hpp"
#include "core/services/job_inputs.hpp"
#include "core/services/job_run.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/dataset.hpp"
#include "store/records/job.hpp"

#include <functional>
#include <optional>
#include <string>

namespace lumi::services {

/// An evaluation's outcome and where it is kept; ids are absent where nothing is stored.
struct EvaluationAnswer {
  std::optional<std::string> job_id;
  std::optional<std::string> dataset_id;
  evaluation::Outcome outcome;
};

/// Makes and runs evaluator jobs on this machine.
class EvaluatorService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    metrics::Resources resources;
    const Clock& clock;
    IdSource& ids;
    /// What the process will return for an error, kept as the job's `driver_exit_code`.
    std::function<int(ErrorCode)> exit_code_of;
    std::function<bool(const std::string& name)> has_secret = {};  ///< empty: nothing stores secrets
  };

  explicit EvaluatorService(Dependencies dependencies) : with_(std::move(dependencies)) {}

  /// Checks everything that can be checked before any work (metrics, conditions, columns, ground truths, secrets), then
  /// stores the job as `created`.
  OwnedJob create(const EvaluatorJob& job, const store::DatasetRecord& dataset, const JobPlace& place = {});

  /// Checks a job that will score answers about `samples` of `dataset`: its metrics, and the ground truths that they
  /// need.
  void check_ahead(const EvaluatorJob& job, const inference::SampleSpec& samples, const store::DatasetRecord& dataset);

  /// Checks a job that is to run again in the same way. Throws `not_found` if its dataset is gone.
  void check(const store::JobRecord& row);

  /// Runs a created job in the foreground: running, then succeeded with results, or failed, or stopped (an interrupt).
  /// Whatever stopped it is thrown once the row says so.
  EvaluationAnswer run(OwnedJob job, const evaluation::ProgressCallback& progress = {});

private:
  Dependencies with_;
};

}  // namespace lumi::services
