#pragma once
#include "base/clock.hpp"
#include "store/database_provider.hpp"
#include "store/records/job.hpp"
#include "store/records/workflow.hpp"

#include <string>
#include <vector>

namespace lumi::store {

/// Unfinished jobs of this machine that have lost their process.
std::vector<JobRecord> find_orphaned_jobs(Database& database);

/// Marks unfinished jobs that have lost their process as failed, with the message "interrupted", and returns their ids.
/// Opens the database for writing only if there are any; where that cannot be done, the rows stay as they are.
std::vector<std::string> reap_orphaned_jobs(DatabaseProvider& databases, const Clock& clock);

/// Unfinished workflows that have lost their process: one holds the lock in the workflow's folder, as with jobs.
std::vector<WorkflowRecord> find_orphaned_workflows(Database& database);

/// As reap_orphaned_jobs, for workflows.
std::vector<std::string> reap_orphaned_workflows(DatabaseProvider& databases, const Clock& clock);

}  // namespace lumi::store
