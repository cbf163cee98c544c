#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "core/services/job_run.hpp"
#include "core/services/ownership.hpp"
#include "core/services/patience.hpp"
#include "core/services/removal.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/garbage.hpp"
#include "store/records/job.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// Whether a job's status is succeeded, failed or stopped.
bool is_finished(const store::JobRecord& job);

/// What can be done about jobs that other processes work on. Ids are full ones here: JobService::resolve gives them.
class JobControlService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
  };

  explicit JobControlService(Dependencies dependencies) : with_(dependencies) {}

  /// The job as it is now: one that has lost its process is marked failed. Throws `not_found`.
  store::JobRecord look_at(const std::string& id);

  /// Waits until all jobs (or any of them) have ended, and returns them as they are then, in the order of `ids`; also
  /// where the patience ended first. Throws `not_found` for one that is deleted meanwhile, `interrupted`.
  std::vector<store::JobRecord> wait(const std::vector<std::string>& ids, WaitFor what, Patience patience);

  /// Calls `look` at once and whenever something may have happened to the job, for the last time when it has ended.
  void follow(const std::string& id, const std::function<void()>& look);

  /// Asks the process that works on the job to stop (SIGTERM), and does not wait for it. Nothing to do for a job that
  /// has ended. Throws `conflict` if the process is on another machine, `permission` if it is another user's.
  void request_stop(const std::string& id);

  /// Takes a job that has ended out of that state as its next attempt, owned by this process, if its attempt and status
  /// still are as `job` says; its configuration becomes that of `job`. Throws `conflict`, naming the process, if
  /// another one works on it or has done so meanwhile.
  OwnedJob resume(const store::JobRecord& job);

  /// Throws `conflict` for a job that has not ended or is a baseline, unless Force::yes.
  void check_removable(const store::JobRecord& job, Force force) const;

  /// Removes the row, then the results and the folder; a dataset that the job made stays. Throws as
  /// check_removable; Force::yes stops it first, and throws `pending` if it does not stop.
  Removal remove(const std::string& id, Force force);

  /// The error for a job that this process cannot have because another one works on it.
  Error in_use(const std::string& id);

  /// Who works on the job.
  Ownership ownership_of(const std::string& id);

private:
  std::optional<store::GarbageRecord> remove_row(const store::JobRecord& job);

  Dependencies with_;
};

}  // namespace lumi::services
