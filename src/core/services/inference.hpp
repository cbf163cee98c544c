#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "core/evaluation/sample_status.hpp"
#include "core/inference/engine.hpp"
#include "core/services/dataset.hpp"
#include "core/services/inference_job.hpp"
#include "core/services/inference_setup.hpp"
#include "core/services/job_run.hpp"
#include "net/http_client.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/dataset.hpp"
#include "store/records/job.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// What an inference came to.
struct InferenceAnswer {
  std::string job_id;
  evaluation::SampleCounts samples;
  std::optional<std::string> dataset_id;  ///< of the answers, where one was asked for
  std::vector<std::string> warnings;
  std::optional<ErrorCode> verdict;  ///< `partial` where samples were refused or are in error
};

/// What an inference would take.
struct InferencePlan {
  std::string provider;
  std::string base_url;
  std::string model;
  std::uint64_t rows = 0;
  std::int64_t prompt_tokens = 0;          ///< about
  std::int64_t max_completion_tokens = 0;  ///< at most
  std::optional<double> least_cost;        ///< USD, if nothing is answered; nothing without a price
  std::optional<double> most_cost;         ///< USD, if every answer is as long as it may be
  std::string price_origin;
  std::optional<double> least_seconds;  ///< by the rate limits, if there are any
  std::optional<Error> key_problem;     ///< why the job could not be made yet
};

/// Whether a key that is missing is an error, or nobody is asked yet.
enum class KeyCheck { yes, no };

/// How a job that was stopped goes on.
struct ResumeOptions {
  std::vector<evaluation::SampleStatus> asked_again;  ///< samples that have ended so are asked again
};

/// Makes and runs inference and annotate jobs on this machine.
class InferenceService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    DatasetService& datasets;
    const Clock& clock;
    const Clock& steady;
    IdSource& ids;
    std::function<int(ErrorCode)> exit_code_of;
    std::function<std::unique_ptr<net::HttpClient>()> make_client;
    InferenceSources sources;
    std::function<double()> random;  ///< from [0, 1)
  };

  explicit InferenceService(Dependencies dependencies) : with_(std::move(dependencies)) {}

  /// Throws `usage` for a provider that this machine cannot run, and what ReplayClient throws.
  void check_provider(const InferenceJob& job);

  /// Checks everything that can be checked before any work (provider, key, prompt, columns, price), then stores the job
  /// as `created`.
  OwnedJob create(const InferenceJob& job, const store::DatasetRecord& dataset, const JobPlace& place = {});

  /// The same checks alone, for a job that is made later; messages say that `purpose` needs its key. Returns what it
  /// would ask about.
  inference::SampleSpec check(const InferenceJob& job,
                              const store::DatasetRecord& dataset,
                              const std::string& purpose,
                              KeyCheck key_check = KeyCheck::yes);

  /// Whether a job that has ended has something left to do: it did not succeed, or has samples that are asked again.
  /// Then it is checked as a new one.
  bool has_work(const store::JobRecord& row, const ResumeOptions& options, KeyCheck key_check = KeyCheck::yes);

  /// The same checks but for the key, and what the job would take for a file of `rows` rows. Sends nothing, keeps
  /// nothing.
  InferencePlan plan(const InferenceJob& job, const evaluation::Input& input, std::uint64_t rows);

  /// Runs a job that this process owns: running, then succeeded with results, or failed, or stopped (an interrupt).
  /// Samples that its journal knows are not asked again. Whatever stopped it is thrown once the row says so.
  InferenceAnswer
  run(OwnedJob job, const ResumeOptions& options = {}, const inference::ProgressCallback& progress = {});

private:
  Dependencies with_;
  bool has_worker_ = false;  // that was looked for, and can work
};

}  // namespace lumi::services
