#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "core/services/job_log.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/job_lock.hpp"
#include "store/records/job.hpp"
#include "store/repositories/job_repository.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lumi::services {

/// What a job is a part of; nothing for a job of its own.
struct JobPlace {
  std::optional<std::string> experiment_id = {};
  std::optional<std::string> workflow_id = {};
};

/// A job that this process owns: nobody else works on it while the lock is held.
struct OwnedJob {
  store::JobRecord row;
  store::JobLock lock;
};

/// Keeps a new job as `created`, owned by this process.
OwnedJob keep_job(store::DatabaseProvider& databases, store::JobRecord row, const Clock& clock);

/// What a job that succeeded says besides its results.
struct JobSummary {
  std::string json = "{}";                ///< for listings
  std::optional<ErrorCode> verdict = {};  ///< what the process reports all the same: `partial`, `gate_failed`
};

/// A job that is being run: its row, its lock, its log, and how it ends. All types of jobs run through this.
/// Once another process has taken the job over (which takes a lost lock: this process slept on a network file system,
/// or someone removed the job's folder), nothing is written any more, and all but `fail` throw `conflict`.
class JobRun {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
    /// What the process will return for an error, kept as the job's `driver_exit_code`.
    std::function<int(ErrorCode)> exit_code_of;
  };

  JobRun(Dependencies with, OwnedJob job);

  const store::JobRecord& row() const { return job_.row; }

  /// jobs/<id>, where the journal is.
  std::filesystem::path folder() const;

  JobLog& log() { return log_; }

  /// The row says `running` from now on.
  void start();

  /// Asks, 20 times a second at most, whether this process still owns the job: cheap enough to be called before every
  /// write.
  void check_owned();

  /// Says in the log how far the job is, once after a second and then every ten; `text` is only asked for then. Checks
  /// the ownership as `check_owned` does, so call it for every sample or turn.
  void progress(const std::function<std::string()>& text);

  /// Makes `results` visible and the row `succeeded`, as one step for all who look: the writer must hold the whole
  /// results.json of results_key(row().name, row().id) and not be committed.
  void succeed(store::ObjectWriter& results, const JobSummary& summary);

  /// The row says `stopped` (for `interrupted`) or `failed`, with the message. Throws nothing: where that cannot be
  /// written, the next command finds a job without a process.
  void fail(const Error& error);

private:
  using Time = std::chrono::steady_clock::time_point;

  store::JobFence fence() const;
  void change(const store::JobChange& change);
  bool is_owned();
  Error taken_over() const;

  Dependencies with_;
  OwnedJob job_;
  JobLog log_;
  Time next_check_;
  Time next_line_;
};

/// Runs `work()` as the job: `start` before it, `fail` for whatever stops it, which is thrown on. `work` calls
/// `succeed`.
template <class Work>
auto run_job(JobRun& run, Work&& work) -> decltype(work()) {
  try {
    run.start();
    return std::forward<Work>(work)();
  } catch (const Error& error) {
    run.fail(error);
    throw;
  } catch (const std::exception& error) {
    run.fail(Error(ErrorCode::failure, error.what()));
    throw;
  }
}

}  // namespace lumi::services
