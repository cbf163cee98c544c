#pragma once
#include "core/evaluation/evaluate.hpp"
#include "core/schemas/job.hpp"
#include "core/services/job.hpp"
#include "store/records/dataset.hpp"
#include "store/records/job.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace lumi {
class Clock;
class IdSource;
class JsonWriter;
}  // namespace lumi

namespace lumi::services {

/// An evaluation's outcome and where it is kept; ids are absent with --no-save.
struct EvaluationAnswer {
  std::optional<std::string> job_id;
  std::optional<std::string> dataset_id;
  evaluation::Outcome outcome;
};

/// What `lumi evaluate --json` prints.
void write_answer(JsonWriter& json, const EvaluationAnswer& answer);

/// A job's name where none is given: `evaluate FILENAME`.
std::string default_job_name(std::string_view filename);

/// `jobs/results/{name}/{id}/results.json`, the name with every character that is not a letter or digit of any script,
/// `_`, `.` or `-` replaced by `-`.
std::string results_key(std::string_view job_name, std::string_view job_id);

/// Everything about an evaluator job that its configuration says.
struct EvaluatorJob {
  std::string name;
  std::string description;
  schemas::TaskDefinition task_definition;
  std::optional<schemas::LlmAsJudge> llm_as_judge;
  std::optional<std::string> secret_key_name;
  std::int64_t batch_size = 1;
  evaluation::Request request;
};

/// The job that a body asks for; what only flags can say keeps its default.
EvaluatorJob to_evaluator_job(const schemas::EvaluatorJobCreate& body);

/// Makes and runs evaluator jobs on this machine.
class EvaluatorService {
public:
  struct Dependencies {
    store::Database& database;
    std::filesystem::path home;
    store::ObjectStore& objects;  ///< where new results go
    OpenStorage open_storage;     ///< where datasets are
    metrics::Resources resources;
    const Clock& clock;
    IdSource& ids;
  };

  explicit EvaluatorService(Dependencies dependencies) : with_(std::move(dependencies)) {}

  /// Checks everything that can be checked before any work, then stores the job as `created`.
  store::JobRecord create(const EvaluatorJob& job, const store::DatasetRecord& dataset);

  /// Runs a created job in the foreground: running, then succeeded with results, or failed, or stopped (an interrupt).
  /// Whatever stopped it is thrown once the row says so.
  EvaluationAnswer run(const std::string& job_id, const evaluation::ProgressCallback& progress = {});

private:
  Dependencies with_;
};

}  // namespace lumi::services
