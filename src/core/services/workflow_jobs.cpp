#include "core/services/workflow_jobs.hpp"

#include "store/repositories/job_repository.hpp"

#include <utility>

namespace lumi::services {

std::optional<store::JobRecord>
find_job(store::Database& database, const std::string& workflow_id, const std::string& type) {
  store::JobFilter filter;
  filter.workflow_id = workflow_id;
  filter.type = type;
  auto jobs = store::JobRepository(database).list(filter, {0, 1}).items;
  return jobs.empty() ? std::nullopt : std::optional(std::move(jobs.front()));
}

std::vector<std::string> list_job_ids(store::Database& database, const std::string& workflow_id) {
  store::JobFilter filter;
  filter.workflow_id = workflow_id;
  const auto newest_first = store::JobRepository(database).list(filter, {0, 0}).items;
  std::vector<std::string> ids;
  for (auto job = newest_first.rbegin(); job != newest_first.rend(); ++job) {
    ids.push_back(job->id);
  }
  return ids;
}

}  // namespace lumi::services
