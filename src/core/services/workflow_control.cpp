#include "core/services/workflow_control.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "core/services/patience.hpp"
#include "core/services/workflow_jobs.hpp"
#include "store/job_watch.hpp"
#include "store/orphans.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <chrono>
#include <utility>

namespace lumi::services {

bool is_finished(const store::WorkflowRecord& workflow) {
  return workflow.status == "succeeded" || workflow.status == "failed";
}

store::WorkflowRecord WorkflowControlService::look_at(const std::string& id) {
  auto* database = with_.databases.find();
  auto workflow = database == nullptr ? std::nullopt : store::WorkflowRepository(*database).find(id);
  if (workflow && !is_finished(*workflow)) {
    store::reap_orphaned_workflows(with_.databases, with_.clock);
    workflow = store::WorkflowRepository(*with_.databases.find()).find(id);  // another process may have been faster
  }
  if (!workflow) {
    throw Error(
        ErrorCode::not_found, "workflow " + quote(id) + " not found", "'lumi workflow list' shows what there is");
  }
  return *std::move(workflow);
}

std::vector<store::WorkflowRecord> WorkflowControlService::wait(const std::vector<std::string>& ids,
                                                                Patience patience) {
  return wait_for_end<store::WorkflowRecord>(with_.databases.home(),
                                             ids,
                                             [this](const std::string& id) { return look_at(id); },
                                             is_finished,
                                             {WaitFor::all, patience});
}

void WorkflowControlService::follow(const std::string& id,
                                    const std::function<void(const std::vector<std::string>&)>& look) {
  store::JobWatch watch(with_.databases.home(), {id});
  for (bool finished = false; !finished;) {
    finished = is_finished(look_at(id));
    const auto jobs = list_job_ids(*with_.databases.find(), id);
    for (const auto& job : jobs) {
      watch.add(job);
    }
    look(jobs);
    if (!finished) {
      watch.wait(k_longest_turn);
    }
  }
}

Ownership WorkflowControlService::ownership_of(const std::string& id) {
  return {with_.databases.home(), "workflow", id, [this, id] { return is_finished(look_at(id)); }};
}

OwnedWorkflow WorkflowControlService::keep(store::WorkflowRecord row) {
  auto& database = with_.databases.get();
  auto lock = store::JobLock::try_acquire(database.home(), row.id, with_.clock);
  if (!lock) {
    throw Error(ErrorCode::conflict, "workflow " + quote(row.id) + " is locked by another process");
  }
  store::WorkflowRepository(database).insert(row);
  return {std::move(row), *std::move(lock)};
}

OwnedWorkflow WorkflowControlService::resume(const store::WorkflowRecord& workflow) {
  const auto ownership = ownership_of(workflow.id);
  auto lock = ownership.lock(with_.clock);
  auto& database = with_.databases.get();
  store::WorkflowRepository workflows(database);
  const bool resumed = database.transaction([&] {
    store::WorkflowChange change;
    change.config_json = workflow.config_json;
    return workflows.resume({workflow.id, workflow.attempt, workflow.status}) &&
           workflows.change({workflow.id, workflow.attempt + 1, "created"}, change);
  });
  if (!resumed) {
    if (!workflows.find(workflow.id)) {
      ownership.remove_folder();  // taking the lock has made it again
      throw Error(ErrorCode::not_found, "workflow " + quote(workflow.id) + " not found");
    }
    throw Error(ErrorCode::conflict, "another process has resumed workflow " + quote(workflow.id) + " meanwhile");
  }
  return {workflows.find(workflow.id).value(), std::move(lock)};
}

void WorkflowControlService::check_removable(const store::WorkflowRecord& workflow, Force force) const {
  if (!is_finished(workflow) && force == Force::no) {
    throw Error(ErrorCode::conflict,
                "workflow " + quote(workflow.id) + " is " + workflow.status,
                "wait for its end with 'lumi workflow wait " + workflow.id +
                    "', or give --force, which stops it first");
  }
}

void WorkflowControlService::stop(const std::string& id) {
  ownership_of(id).request_stop();
  if (!is_finished(wait({id}, {k_time_to_stop}).front())) {
    throw Error(ErrorCode::pending, "workflow " + quote(id) + " has not stopped yet", "try again later");
  }
}

}  // namespace lumi::services
