#include "core/services/job_control.hpp"

#include "base/process.hpp"
#include "base/text.hpp"
#include "core/services/evaluator_job.hpp"
#include "core/services/garbage.hpp"
#include "store/job_watch.hpp"
#include "store/orphans.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <system_error>

namespace lumi::services {

namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr milliseconds k_time_to_stop(30'000);
constexpr milliseconds k_time_to_let_go(2'000);
constexpr milliseconds k_longest_turn(60'000);

Error not_found(const std::string& id) { return {ErrorCode::not_found, "job " + quote(id) + " not found"}; }

/// The time that is left of a patience.
class Deadline {
public:
  explicit Deadline(Patience patience) : patience_(patience), started_(std::chrono::steady_clock::now()) {}

  milliseconds left() const {
    if (!patience_.at_most) {
      return k_longest_turn;
    }
    const auto passed = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started_);
    return std::clamp(*patience_.at_most - passed, milliseconds(0), k_longest_turn);
  }

private:
  Patience patience_;
  SteadyTime started_;
};

bool is_over(const std::vector<store::JobRecord>& jobs, WaitFor what) {
  return what == WaitFor::all ? std::all_of(jobs.begin(), jobs.end(), is_finished)
                              : std::any_of(jobs.begin(), jobs.end(), is_finished);
}

}  // namespace

bool is_finished(const store::JobRecord& job) {
  return job.status == "succeeded" || job.status == "failed" || job.status == "stopped";
}

store::JobRecord JobControlService::look_at(const std::string& id) {
  auto* database = with_.databases.find();
  auto job = database == nullptr ? std::nullopt : store::JobRepository(*database).find(id);
  if (job && !is_finished(*job) && !store::reap_orphaned_jobs(with_.databases, with_.clock).empty()) {
    job = store::JobRepository(*with_.databases.find()).find(id);
  }
  if (!job) {
    throw not_found(id);
  }
  return *std::move(job);
}

std::vector<store::JobRecord>
JobControlService::wait(const std::vector<std::string>& ids, WaitFor what, Patience patience) {
  store::JobWatch watch(with_.databases.home(), ids);
  const Deadline deadline(patience);
  for (;;) {
    const auto left = deadline.left();
    std::vector<store::JobRecord> jobs;
    for (const auto& id : ids) {
      jobs.push_back(look_at(id));
    }
    if (is_over(jobs, what) || left == milliseconds(0)) {
      return jobs;
    }
    watch.wait(left);
  }
}

void JobControlService::follow(const std::string& id, const std::function<void()>& look) {
  store::JobWatch watch(with_.databases.home(), {id});
  while (!is_finished(look_at(id))) {
    look();
    watch.wait(k_longest_turn);
  }
  look();
}

Error JobControlService::in_use(const std::string& id) const {
  const auto owner = store::JobLock::find_owner(with_.databases.home(), id);
  const auto by = owner ? "process " + std::to_string(owner->process.pid) + " on " + quote(owner->process.host) +
                              " works on it since " + to_rfc3339(owner->since)
                        : std::string("another process works on it");
  return {ErrorCode::conflict,
          "job " + quote(id) + " is in use: " + by,
          "'lumi job wait " + id + "' waits for its end, 'lumi job stop " + id + "' stops it"};
}

void JobControlService::request_stop(const std::string& id) {
  const auto job = look_at(id);
  if (is_finished(job)) {
    return;
  }
  const auto owner = store::JobLock::find_owner(with_.databases.home(), id);
  if (!owner) {
    throw in_use(id);
  }
  if (const auto process = RunningProcess::find(owner->process)) {
    process->send(SIGTERM);
    process->send(SIGCONT);                // one that was suspended would not notice
  } else if (!is_finished(look_at(id))) {  // it has not ended meanwhile
    throw Error(ErrorCode::conflict,
                "job " + quote(id) + " is run by process " + std::to_string(owner->process.pid) + " on " +
                    quote(owner->process.host) + ", which cannot be reached from here",
                "stop it there");
  }
}

// A process keeps the lock for a moment after it has written how its job ended.
store::JobLock JobControlService::lock(const std::string& id) {
  store::JobWatch watch(with_.databases.home(), {id});
  const Deadline deadline({k_time_to_let_go});
  for (;;) {
    if (auto lock = store::JobLock::try_acquire(with_.databases.home(), id, with_.clock)) {
      return *std::move(lock);
    }
    const auto left = deadline.left();
    if (!is_finished(look_at(id)) || left == milliseconds(0)) {
      throw in_use(id);
    }
    watch.wait(left);
  }
}

OwnedJob JobControlService::resume(const store::JobRecord& job) {
  auto lock = this->lock(job.id);
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
      remove_folder(job.id);  // taking the lock has made it again
      throw not_found(job.id);
    }
    throw Error(ErrorCode::conflict, "another process has resumed job " + quote(job.id) + " meanwhile");
  }
  return {jobs.find(job.id).value(), std::move(lock)};
}

std::error_code JobControlService::remove_folder(const std::string& id) {
  std::error_code failure;
  std::filesystem::remove_all(with_.databases.home().job_folder(id), failure);
  return failure;
}

std::optional<store::GarbageRecord> JobControlService::remove_row(const store::JobRecord& job) {
  auto& database = with_.databases.get();
  return database.transaction([&]() -> std::optional<store::GarbageRecord> {
    store::JobRepository jobs(database);
    const auto now = jobs.find(job.id);
    if (!now || !jobs.remove(job.id)) {  // another process was faster
      remove_folder(job.id);
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
  const auto held = lock(id);
  const auto object = remove_row(job);
  Removal removal{id, {}};
  if (object) {
    store::GarbageRepository garbage(with_.databases.get());
    if (const auto reason = sweep(garbage, with_.objects, *object)) {
      removal.warnings.push_back("the results of job " + id + " are still there: " + *reason +
                                 "; 'lumi gc' tries again");
    }
  }
  if (const auto failure = remove_folder(id)) {
    removal.warnings.push_back("the folder of job " + id + " is still there: " + failure.message() +
                               "; 'lumi gc' tries again");
  }
  return removal;
}

}  // namespace lumi::services
