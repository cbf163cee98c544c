#include "core/services/job_run.hpp"

#include "base/interrupt.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "store/folder_lock.hpp"

namespace lumi::services {

namespace {

constexpr std::chrono::milliseconds k_between_checks(50);  // less than it takes to take a job over
constexpr std::chrono::seconds k_first_line(1);
constexpr std::chrono::seconds k_between_lines(10);

}  // namespace

OwnedJob keep_job(store::DatabaseProvider& databases, store::JobRecord row, const Clock& clock) {
  auto& database = databases.get();
  auto lock = store::JobLock::try_acquire(database.home(), row.id, clock);
  if (!lock) {
    throw Error(ErrorCode::conflict, "job " + quote(row.id) + " is locked by another process");
  }
  store::JobRepository(database).insert(row);
  return {std::move(row), *std::move(lock)};
}

JobRun::JobRun(Dependencies with, OwnedJob job)
    : with_(std::move(with)), job_(std::move(job)), log_(folder(), with_.clock),
      next_check_(std::chrono::steady_clock::now() + k_between_checks),
      next_line_(std::chrono::steady_clock::now() + k_first_line) {}

std::filesystem::path JobRun::folder() const { return with_.databases.home().job_folder(job_.row.id); }

store::JobFence JobRun::fence() const { return {job_.row.id, job_.row.attempt, job_.row.status}; }

Error JobRun::taken_over() const {
  return {ErrorCode::conflict, "job " + quote(job_.row.id) + " was taken over by another process"};
}

bool JobRun::is_owned() {
  const auto row = store::JobRepository(with_.databases.get()).find(job_.row.id);
  return row && row->attempt == job_.row.attempt && row->status == job_.row.status;
}

void JobRun::change(const store::JobChange& change) {
  if (!store::JobRepository(with_.databases.get()).change(fence(), change, with_.clock.now())) {
    throw taken_over();
  }
}

void JobRun::start() {
  store::JobChange change;
  change.status = "running";
  change.start_time = with_.clock.now();
  this->change(change);
  job_.row.status = "running";
  const auto attempt = job_.row.attempt > 1 ? ", attempt " + std::to_string(job_.row.attempt) : "";
  log_.line("job " + job_.row.id + " (" + quote(job_.row.name) + ") started" + attempt);
}

void JobRun::check_owned() {
  if (!job_.lock.is_in_place()) {
    throw Error(ErrorCode::conflict, "the lock of job " + quote(job_.row.id) + " was removed");
  }
  // A process that was stopped for long looks before it goes on: this clock runs meanwhile.
  if (const auto now = std::chrono::steady_clock::now(); now >= next_check_) {
    if (!is_owned()) {
      throw taken_over();
    }
    next_check_ = now + k_between_checks;
  }
}

void JobRun::progress(const std::function<std::string()>& text) {
  check_owned();
  if (const auto now = std::chrono::steady_clock::now(); now >= next_line_) {
    log_.line(text());
    next_line_ = now + k_between_lines;
  }
}

void JobRun::succeed(store::ObjectWriter& results, const JobSummary& summary) {
  store::JobChange change;
  change.status = "succeeded";
  change.end_time = with_.clock.now();
  change.driver_exit_code = summary.verdict ? with_.exit_code_of(*summary.verdict) : 0;
  change.storage_url = with_.objects.url_for_new();
  change.summary_json = summary.json;
  const auto lock = store::lock_objects(with_.databases.home(), store::Sharing::shared);
  // Not in one transaction with what follows: every other process would wait while the network is slow. Results that
  // replace those of a later attempt would be taken for damaged ones; nobody begins one while the lock is in place.
  if (!job_.lock.is_in_place() || !is_owned()) {
    throw taken_over();
  }
  const auto stored = results.commit();
  change.result_key = stored.key;
  change.result_sha256 = stored.sha256;
  this->change(change);
  log_.line("succeeded");
}

void JobRun::fail(const Error& error) {
  store::JobChange change;
  change.status = error.code() == ErrorCode::interrupted ? "stopped" : "failed";
  change.end_time = with_.clock.now();
  change.message = error.what();
  change.driver_exit_code = with_.exit_code_of(error.code());
  try {
    const InterruptHold hold;
    this->change(change);
    log_.line(change.status + ": " + error.what());
  } catch (const std::exception& problem) {
    log_warn("the end of job " + job_.row.id + " is not written: " + problem.what());
  }
}

}  // namespace lumi::services
