#pragma once
#include "core/services/job_control.hpp"
#include "core/services/removal.hpp"
#include "core/services/workflow_control.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/garbage.hpp"

#include <functional>
#include <string>
#include <vector>

namespace lumi::services {

/// Removes workflows with all that belongs to them: their jobs, results, predictions, logs.
class WorkflowRemovalService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    WorkflowControlService& control;
    JobControlService& jobs;
    const Clock& clock;
  };

  explicit WorkflowRemovalService(Dependencies dependencies) : with_(dependencies) {}

  /// Throws `conflict` for a workflow that has not ended, unless Force::yes, which stops it first; throws `pending` if
  /// it does not stop. Objects that cannot be removed yet are left for `gc`, and warned about.
  std::vector<std::string> remove(const std::string& id, Force force);

  /// The same for several workflows and the jobs of an experiment, together with the rows that `also` removes: either
  /// all of the rows go or none.
  std::vector<std::string> remove_all(const std::vector<std::string>& workflow_ids,
                                      const std::string& experiment_id,
                                      Force force,
                                      const std::function<void()>& also);

private:
  /// The locks of everything that is going away, so that nobody resumes it.
  struct Held {
    std::vector<Ownership> owners;
    std::vector<store::JobLock> locks;

    void add(Ownership ownership, const Clock& clock) {
      locks.push_back(ownership.lock(clock));
      owners.push_back(std::move(ownership));
    }
  };

  void hold(Held& held, const std::vector<std::string>& workflow_ids, Force force);
  std::vector<std::string> clean_up(const std::vector<store::GarbageRecord>& objects, const Held& held);

  Dependencies with_;
};

}  // namespace lumi::services
