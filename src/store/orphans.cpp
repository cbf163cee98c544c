#include "store/orphans.hpp"

#include "store/job_lock.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

namespace lumi::store {

namespace {

constexpr const char* k_interrupted = "interrupted";

bool reap(Database& database, const JobRecord& orphan, Timestamp now) {
  JobChange change;
  change.status = "failed";
  change.message = k_interrupted;
  change.error_type = k_interrupted;
  change.end_time = now;
  return JobRepository(database).change({orphan.id, orphan.attempt, orphan.status}, change, now);
}

bool reap(Database& database, const WorkflowRecord& orphan, Timestamp now) {
  WorkflowChange change;
  change.status = "failed";
  change.reason = k_interrupted;
  change.end_time = now;
  return WorkflowRepository(database).change({orphan.id, orphan.attempt, orphan.status}, change);
}

template <class Record>
std::vector<std::string>
reap_orphans(DatabaseProvider& databases, const Clock& clock, std::vector<Record> (*find)(Database&)) {
  Database* reader = databases.find();
  if (reader == nullptr || find(*reader).empty()) {
    return {};
  }
  try {
    Database& writer = databases.get();
    return writer.transaction([&] {
      std::vector<std::string> ids;
      // Looked for again: between the first look and the write lock, one may have ended or been resumed.
      for (const auto& orphan : find(writer)) {
        if (reap(writer, orphan, clock.now())) {
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
  return reap_orphans(databases, clock, find_orphaned_jobs);
}

std::vector<WorkflowRecord> find_orphaned_workflows(Database& database) {
  std::vector<WorkflowRecord> orphans;
  for (auto& workflow : WorkflowRepository(database).list_unfinished()) {
    if (!JobLock::is_held(database.home(), workflow.id)) {
      orphans.push_back(std::move(workflow));
    }
  }
  return orphans;
}

std::vector<std::string> reap_orphaned_workflows(DatabaseProvider& databases, const Clock& clock) {
  return reap_orphans(databases, clock, find_orphaned_workflows);
}

}  // namespace lumi::store
