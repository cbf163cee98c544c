#include "core/services/job.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "core/services/job_control.hpp"
#include "core/services/job_log.hpp"
#include "core/services/resolve_id.hpp"
#include "store/files/verified_source.hpp"
#include "store/orphans.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/job_repository.hpp"

#include <algorithm>

namespace lumi::services {

namespace {

bool contains(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

std::uint64_t not_negative(std::int64_t number) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number));
}

// Several types or statuses at once are rare: they are picked from the whole listing.
store::Listing<store::JobRecord> pick(const store::Listing<store::JobRecord>& all, const JobFilter& filter) {
  store::Listing<store::JobRecord> picked;
  const auto skip = not_negative(filter.skip);
  const auto limit = not_negative(filter.limit);
  for (const auto& job : all.items) {
    if (!contains(filter.types, job.type) || !contains(filter.statuses, job.status)) {
      continue;
    }
    if (picked.total >= skip && (limit == 0 || picked.items.size() < limit)) {
      picked.items.push_back(job);
    }
    ++picked.total;
  }
  return picked;
}

}  // namespace

std::string JobService::resolve(std::string_view id_or_prefix) {
  auto* database = with_.databases.find();
  if (database == nullptr) {
    return resolve_uuid("job", id_or_prefix, {});
  }
  store::JobRepository jobs(*database);
  return resolve_uuid(
      "job",
      id_or_prefix,
      {[&](const std::string& prefix, std::size_t limit) { return jobs.find_ids_by_prefix(prefix, limit); },
       [&](const std::string& id) { return jobs.find_near_ids(id); }});
}

store::JobRecord JobService::get(std::string_view id) {
  const auto full_id = resolve(id);
  auto job = store::JobRepository(*with_.databases.find()).find(full_id);
  if (job && !is_finished(*job) && !store::reap_orphaned_jobs(with_.databases, with_.clock).empty()) {
    job = store::JobRepository(*with_.databases.find()).find(full_id);
  }
  if (!job) {
    throw Error(ErrorCode::not_found, "job " + quote(id) + " not found");
  }
  return *job;
}

store::Listing<store::JobRecord> JobService::list(const JobFilter& filter) {
  store::reap_orphaned_jobs(with_.databases, with_.clock);
  auto* database = with_.databases.find();
  if (database == nullptr) {
    return {};
  }
  store::JobRepository jobs(*database);
  if (filter.types.size() > 1 || filter.statuses.size() > 1) {
    return pick(jobs.list({}, {0, 0}), filter);
  }
  store::JobFilter of_rows;
  of_rows.type = filter.types.empty() ? "" : filter.types.front();
  of_rows.status = filter.statuses.empty() ? "" : filter.statuses.front();
  return jobs.list(of_rows, {not_negative(filter.skip), not_negative(filter.limit)});
}

std::filesystem::path JobService::log_path(std::string_view id) {
  return JobLog::path_in(with_.databases.home().job_folder(resolve(id)));
}

std::string JobService::logs(std::string_view id) {
  const auto path = log_path(id);
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) ? read_file(path) : std::string();
}

store::JobRecord JobService::get_with_results(std::string_view id) {
  auto job = get(id);
  if (!is_finished(job)) {
    throw Error(ErrorCode::pending,
                "job " + quote(job.id) + " has no results yet: it is " + job.status,
                "'lumi job wait " + job.id + "' waits for its end");
  }
  if (!job.result_key || !job.storage_url) {
    throw Error(ErrorCode::not_found,
                "job " + quote(job.id) + " has no results: it " +
                    (job.status == "stopped" ? "was stopped" : job.status) +
                    (job.message.empty() ? "" : ": " + job.message),
                "'lumi job logs " + job.id + "' shows what happened");
  }
  return job;
}

std::unique_ptr<ByteSource> JobService::open_results(const store::JobRecord& job) {
  return store::open_referenced(
      with_.objects.at(*job.storage_url), *job.result_key, job.result_sha256.value_or(std::string()));
}

evaluation::ResultsReader JobService::results(std::string_view id) {
  const auto job = get_with_results(id);
  auto open = [this, job] { return open_results(job); };
  return {std::move(open), *job.result_key, with_.max_memory};
}

void JobService::download(std::string_view id, ByteSink& sink) {
  const auto job = get_with_results(id);
  store::copy_referenced(
      with_.objects.at(*job.storage_url), *job.result_key, job.result_sha256.value_or(std::string()), sink);
}

std::string JobService::download_url(std::string_view id, std::int64_t expires_s) {
  const auto job = get_with_results(id);
  return with_.objects.at(*job.storage_url).download_url(*job.result_key, expires_s);
}

store::DatasetRecord JobService::dataset(std::string_view id) {
  const auto job = get(id);
  auto made = store::DatasetRepository(*with_.databases.find()).find_of_run(job.id);
  if (!made.empty()) {
    return std::move(made.front());
  }
  throw Error(ErrorCode::not_found,
              "job " + quote(job.id) + " made no dataset",
              "inference jobs make one with store_to_dataset, annotation jobs always");
}

}  // namespace lumi::services
