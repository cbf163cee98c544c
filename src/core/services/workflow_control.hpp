#pragma once
#include "base/clock.hpp"
#include "core/services/ownership.hpp"
#include "core/services/removal.hpp"
#include "store/database_provider.hpp"
#include "store/job_lock.hpp"
#include "store/records/workflow.hpp"

#include <functional>
#include <string>
#include <vector>

namespace lumi::services {

/// Whether a workflow's status is succeeded or failed.
bool is_finished(const store::WorkflowRecord& workflow);

/// A workflow that this process owns: nobody else works on it while the lock is held.
struct OwnedWorkflow {
  store::WorkflowRecord row;
  store::JobLock lock;
};

/// What can be done about workflows that other processes work on. Ids are full ones here: WorkflowService::resolve
/// gives them.
class WorkflowControlService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    const Clock& clock;
  };

  explicit WorkflowControlService(Dependencies dependencies) : with_(dependencies) {}

  /// The workflow as it is now: one that has lost its process is marked failed. Throws `not_found`.
  store::WorkflowRecord look_at(const std::string& id);

  /// Waits until all workflows have ended, and returns them as they are then, in the order of `ids`; also where the
  /// patience ended first. Throws `not_found` for one that is deleted meanwhile, `interrupted`.
  std::vector<store::WorkflowRecord> wait(const std::vector<std::string>& ids, Patience patience);

  /// Calls `look` with the jobs that there are, oldest first, at once and whenever something may have happened to them,
  /// for the last time when the workflow has ended. Throws `not_found` if it is deleted meanwhile, `interrupted`.
  void follow(const std::string& id, const std::function<void(const std::vector<std::string>& job_ids)>& look);

  /// Keeps a new workflow as `created`, owned by this process.
  OwnedWorkflow keep(store::WorkflowRecord row);

  /// Takes a workflow that has ended out of that state as its next attempt, owned by this process, if its attempt and
  /// status still are as `workflow` says; its configuration becomes that of `workflow`. Throws `conflict` if another
  /// process works on it or has done so meanwhile.
  OwnedWorkflow resume(const store::WorkflowRecord& workflow);

  /// Throws `conflict` for a workflow that has not ended, unless Force::yes.
  void check_removable(const store::WorkflowRecord& workflow, Force force) const;

  /// Stops a workflow that has not ended, and waits for its end. Throws `pending` if it does not stop.
  void stop(const std::string& id);

  Ownership ownership_of(const std::string& id);

private:
  Dependencies with_;
};

}  // namespace lumi::services
