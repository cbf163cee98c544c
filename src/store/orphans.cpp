#include "store/orphans.hpp"

#include "store/job_lock.hpp"
#include "store/repositories/job_repository.hpp"

namespace lumi::store {

namespace {

bool reap(JobRepository& jobs, const JobRecord& orphan, Timestamp now) {
  JobChange change;
  change.status = "failed";
  change.message = "interrupted";
  change.error_type = "interrupted";
  change.end_time = now;
  return jobs.change({orphan.id, orphan.attempt, orphan.status}, change, now);
}

}  // namespace

std::vector<JobRecord> find_orphaned_jobs(Database& database) {
  std::vector<JobRecord> orphans;
  for (auto& job : JobRepository(database).list_unfinished()) {
    if (job.runner == "local" && !JobLock::is_held(database.home(), job.id)) {
      orphans.push_back(std::move(job));
    }
  }
  return orphans;
}

std::vector<std::string> reap_orphaned_jobs(DatabaseProvider& databases, const Clock& clock) {
  Database* reader = databases.find();
  if (reader == nullptr || find_orphaned_jobs(*reader).empty()) {
    return {};
  }
  try {
    Database& writer = databases.get();
    return writer.transaction([&] {
      JobRepository jobs(writer);
      std::vector<std::string> ids;
      // Looked for again: between the first look and the write lock, a job may have ended or been resumed.
      for (const auto& orphan : find_orphaned_jobs(writer)) {
        if (reap(jobs, orphan, clock.now())) {
          ids.push_back(orphan.id);
        }
      }
      return ids;
    });
  } catch (const Error& error) {
    if (error.code() == ErrorCode::permission) {
      return {};
    }
    throw;
  }
}

}  // namespace lumi::store
