#include "core/services/job_control.hpp"

#include "base/text.hpp"
#include "core/services/evaluator_job.hpp"
#include "core/services/garbage.hpp"
#include "core/services/patience.hpp"
#include "store/job_watch.hpp"
#include "store/orphans.hpp"
#include "store/repositories/baseline_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"

namespace lumi::services {

namespace {

Error not_found(const std::string& id) { return {ErrorCode::not_found, "job " + quote(id) + " not found"}; }

}  // namespace

bool is_finished(const store::JobRecord& job) {
  return job.status == "succeeded" || job.status == "failed" || job.status == "stopped";
}

store::JobRecord JobControlService::look_at(const std::string& id) {
  auto* database = with_.databases.find();
  auto job = database == nullptr ? std::nullopt : store::JobRepository(*database).find(id);
  if (job && !is_finished(*job)) {
    store::reap_orphaned_jobs(with_.databases, with_.clock);
    job = store::JobRepository(*with_.databases.find()).find(id);  // another process may have been faster
  }
  if (!job) {
    throw not_found(id);
  }
  return *std::move(job);
}

std::vector<store::JobRecord>
JobControlService::wait(const std::vector<std::string>& ids, WaitFor what, Patience patience) {
  return wait_for_end<store::JobRecord>(with_.databases.home(),
                                        ids,
                                        [this](const std::string& id) { return look_at(id); },
                                        is_finished,
                                        {what, patience});
}

void JobControlService::follow(const std::string& id, const std::function<void()>& look) {
  store::JobWatch watch(with_.databases.home(), {id});
  while (!is_finished(look_at(id))) {
    look();
    watch.wait(k_longest_turn);
  }
  look();
}

Ownership JobControlService::ownership_of(const std::string& id) {
  return {with_.databases.home(), "job", id, [this, id] { return is_finished(look_at(id)); }};
}

Error JobControlService::in_use(const std::string& id) { return ownership_of(id).in_use(); }

void JobControlService::request_stop(const std::string& id) { ownership_of(id).request_stop(); }

OwnedJob JobControlService::resume(const store::JobRecord& job) {
  const auto ownership = ownership_of(job.id);
  auto lock = ownership.lock(with_.clock);
  auto& database = with_.databases.get();
  store::JobRepository jobs(database);
  const bool resumed = database.transaction([&] {
    store::JobChange change;
    change.config_json = job.config_json;
    const auto now = with_.clock.now();
    return jobs.resume({job.id, job.attempt, job.status}, now) &&
           jobs.change({job.id, job.attempt + 1, "created"}, change, now);
  });
  if (!resumed) {
    if (!jobs.find(job.id)) {
      ownership.remove_folder();  // taking the lock has made it again
      throw not_found(job.id);
    }
    throw Error(ErrorCode::conflict, "another process has resumed job " + quote(job.id) + " meanwhile");
  }
  return {jobs.find(job.id).value(), std::move(lock)};
}

std::optional<store::GarbageRecord> JobControlService::remove_row(const store::JobRecord& job) {
  auto& database = with_.databases.get();
  return database.transaction([&]() -> std::optional<store::GarbageRecord> {
    store::JobRepository jobs(database);
    const auto now = jobs.find(job.id);
    store::BaselineRepository(database).remove_of_job(job.id);
    if (!now || !jobs.remove(job.id)) {  // another process was faster
      ownership_of(job.id).remove_folder();
      throw not_found(job.id);
    }
    // An attempt that did not come to its end may have left results that no row names.
    if (!now->result_key && now->attempt == 1) {
      return std::nullopt;
    }
    store::GarbageRecord object{now->storage_url.value_or(with_.objects.url_for_new()),
                                now->result_key.value_or(results_key(now->name, now->id)),
                                with_.clock.now(),
                                0,
                                ""};
    store::GarbageRepository(database).insert(object);
    return object;
  });
}

void JobControlService::check_removable(const store::JobRecord& job, Force force) const {
  if (!is_finished(job) && force == Force::no) {
    throw Error(ErrorCode::conflict,
                "job " + quote(job.id) + " is " + job.status,
                "wait for its end with 'lumi job wait " + job.id + "', or give --force, which stops it first");
  }
  auto* database = with_.databases.find();
  if (database != nullptr && force == Force::no) {
    const auto names = store::BaselineRepository(*database).find_names_of_job(job.id);
    if (!names.empty()) {
      throw Error(ErrorCode::conflict,
                  "job " + quote(job.id) + " is the baseline " + quote(names.front()),
                  "'lumi baseline delete " + names.front() + "' forgets the name, or give --force");
    }
  }
}

Removal JobControlService::remove(const std::string& id, Force force) {
  auto job = look_at(id);
  check_removable(job, force);
  if (!is_finished(job)) {
    request_stop(id);
    job = wait({id}, WaitFor::all, {k_time_to_stop}).front();
    if (!is_finished(job)) {
      throw Error(ErrorCode::pending, "job " + quote(id) + " has not stopped yet", "try again later");
    }
  }
  // Held to the end, so that nobody resumes what is going away.
  const auto ownership = ownership_of(id);
  const auto held = ownership.lock(with_.clock);
  const auto object = remove_row(job);
  Removal removal{id, {}};
  if (object) {
    store::GarbageRepository garbage(with_.databases.get());
    if (const auto reason = sweep(garbage, with_.objects, *object)) {
      removal.warnings.push_back("the results of job " + id + " are still there: " + *reason +
                                 "; 'lumi gc' tries again");
    }
  }
  if (const auto failure = ownership.remove_folder()) {
    removal.warnings.push_back("the folder of job " + id + " is still there: " + failure.message() +
                               "; 'lumi gc' tries again");
  }
  return removal;
}

}  // namespace lumi::services
