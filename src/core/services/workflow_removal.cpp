#include "core/services/workflow_removal.hpp"

#include "base/error.hpp"
#include "core/services/compiled_results.hpp"
#include "core/services/evaluator_job.hpp"
#include "core/services/garbage.hpp"
#include "store/repositories/baseline_repository.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <utility>

namespace lumi::services {

namespace {

/// Removes rows, and remembers the objects that no row names afterwards.
class Rows {
public:
  Rows(store::Database& database, const std::string& url_for_new, Timestamp now)
      : database_(database), url_for_new_(url_for_new), now_(now) {}

  void remove(const store::JobRecord& job) {
    for (const auto& dataset : store::DatasetRepository(database_).find_of_run(job.id)) {
      store::DatasetRepository(database_).remove(dataset.id);
      drop(dataset.storage_url, dataset.object_key);
    }
    store::BaselineRepository(database_).remove_of_job(job.id);
    store::JobRepository(database_).remove(job.id);
    drop(job.storage_url.value_or(url_for_new_), job.result_key.value_or(results_key(job.name, job.id)));
  }

  void remove(const std::string& workflow_id) {
    const auto workflow = store::WorkflowRepository(database_).find(workflow_id);
    if (workflow && store::WorkflowRepository(database_).remove(workflow_id)) {
      drop(workflow->storage_url.value_or(url_for_new_), workflow->result_key.value_or(compiled_key(workflow_id)));
    }
  }

  std::vector<store::GarbageRecord> take_objects() { return std::move(objects_); }

private:
  void drop(const std::string& storage_url, const std::string& key) {
    objects_.push_back({storage_url, key, now_, 0, ""});
    store::GarbageRepository(database_).insert(objects_.back());
  }

  store::Database& database_;
  const std::string& url_for_new_;
  Timestamp now_;
  std::vector<store::GarbageRecord> objects_;
};

std::vector<store::JobRecord> jobs_of(store::Database& database, const store::JobFilter& filter) {
  return store::JobRepository(database).list(filter, {0, 0}).items;
}

// Which jobs go: those of the experiment, if it goes as a whole.
std::vector<store::JobFilter> filters_of(const std::vector<std::string>& workflow_ids,
                                         const std::string& experiment_id) {
  std::vector<store::JobFilter> filters;
  if (!experiment_id.empty()) {
    filters.push_back({.experiment_id = experiment_id});
    return filters;
  }
  for (const auto& id : workflow_ids) {
    filters.push_back({.workflow_id = id});
  }
  return filters;
}

}  // namespace

std::vector<std::string> WorkflowRemovalService::remove(const std::string& id, Force force) {
  return remove_all({id}, "", force, [] {});
}

void WorkflowRemovalService::hold(Held& held, const std::vector<std::string>& workflow_ids, Force force) {
  for (const auto& id : workflow_ids) {
    const auto workflow = with_.control.look_at(id);
    with_.control.check_removable(workflow, force);
    if (!is_finished(workflow)) {
      with_.control.stop(id);
    }
    held.add(with_.control.ownership_of(id), with_.clock);
  }
}

std::vector<std::string> WorkflowRemovalService::remove_all(const std::vector<std::string>& workflow_ids,
                                                            const std::string& experiment_id,
                                                            Force force,
                                                            const std::function<void()>& also) {
  auto& database = with_.databases.get();
  Held held;
  hold(held, workflow_ids, force);
  const auto filters = filters_of(workflow_ids, experiment_id);
  for (const auto& filter : filters) {
    for (const auto& job : jobs_of(database, filter)) {
      const auto now = with_.jobs.look_at(job.id);
      with_.jobs.check_removable(now, is_finished(now) ? force : Force::no);
      held.add(with_.jobs.ownership_of(job.id), with_.clock);
    }
  }
  const auto objects = database.transaction([&] {
    Rows rows(database, with_.objects.url_for_new(), with_.clock.now());
    for (const auto& filter : filters) {
      for (const auto& job : jobs_of(database, filter)) {
        rows.remove(job);
      }
    }
    for (const auto& id : workflow_ids) {
      rows.remove(id);
    }
    also();
    return rows.take_objects();
  });
  return clean_up(objects, held);
}

std::vector<std::string> WorkflowRemovalService::clean_up(const std::vector<store::GarbageRecord>& objects,
                                                          const Held& held) {
  std::vector<std::string> warnings;
  store::GarbageRepository garbage(with_.databases.get());
  for (const auto& object : objects) {
    if (const auto reason = sweep(garbage, with_.objects, object)) {
      warnings.push_back("object " + object.object_key + " is still there: " + *reason + "; 'lumi gc' tries again");
    }
  }
  for (const auto& owner : held.owners) {
    if (const auto failure = owner.remove_folder()) {
      warnings.push_back("a folder of jobs is still there: " + failure.message() + "; 'lumi gc' tries again");
    }
  }
  return warnings;
}

}  // namespace lumi::services
