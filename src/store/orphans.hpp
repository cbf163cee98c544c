#pragma once
#include "base/clock.hpp"
#include "store/database_provider.hpp"
#include "store/records/job.hpp"

#include <string>
#include <vector>

namespace lumi::store {

/// Unfinished jobs of this machine that have lost their process.
std::vector<JobRecord> find_orphaned_jobs(Database& database);

/// Marks unfinished jobs that have lost their process as failed, with the message "interrupted", and returns their ids.
/// Opens the database for writing only if there are any; where that cannot be done, the rows stay as they are.
std::vector<std::string> reap_orphaned_jobs(DatabaseProvider& databases, const Clock& clock);

}  // namespace lumi::store
