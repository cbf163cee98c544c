#include "store/repositories/job_repository.hpp"

#include "store/query.hpp"
#include "store/repositories/id_table.hpp"

namespace lumi::store {

namespace {

constexpr IdTable k_job_ids{"SELECT id FROM jobs WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3",
                            "SELECT id FROM jobs WHERE substr(id, 1, ?3) = ?1 OR substr(id, ?4, ?3) = ?2 LIMIT 100"};

const std::string k_job_columns =
    "id, name, description, type, status, runner, experiment_id, workflow_id, dataset_id, config_json, message, "
    "error_type, created_at, updated_at, start_time, end_time, driver_exit_code, attempt, storage_url, result_key, "
    "result_sha256, summary_json";

const std::string k_unfinished_jobs = "status IN ('created', 'pending', 'running')";

JobRecord read_job(Query& row) {
  JobRecord record;
  record.id = row.text();
  record.name = row.text();
  record.description = row.text();
  record.type = row.text();
  record.status = row.text();
  record.runner = row.text();
  record.experiment_id = row.maybe_text();
  record.workflow_id = row.maybe_text();
  record.dataset_id = row.maybe_text();
  record.config_json = row.text();
  record.message = row.text();
  record.error_type = row.maybe_text();
  record.created_at = row.time();
  record.updated_at = row.maybe_time();
  record.start_time = row.maybe_time();
  record.end_time = row.maybe_time();
  record.driver_exit_code = row.maybe_integer();
  record.attempt = row.integer();
  record.storage_url = row.maybe_text();
  record.result_key = row.maybe_text();
  record.result_sha256 = row.maybe_text();
  record.summary_json = row.maybe_text();
  return record;
}

std::vector<JobRecord> read_jobs(Query& query) {
  std::vector<JobRecord> records;
  while (query.next()) {
    records.push_back(read_job(query));
  }
  return records;
}

/// The WHERE clause of `filter` and its values.
struct Condition {
  std::string sql;
  std::vector<std::string> values;

  void require(const char* column, const std::string& value) {
    if (!value.empty()) {
      sql += (values.empty() ? " WHERE " : " AND ") + std::string(column) + " = ?";
      values.push_back(value);
    }
  }

  Query& bind_to(Query& query) const {
    for (const auto& value : values) {
      query.bind(value);
    }
    return query;
  }
};

Condition condition_of(const JobFilter& filter) {
  Condition condition;
  condition.require("type", filter.type);
  condition.require("status", filter.status);
  condition.require("experiment_id", filter.experiment_id);
  condition.require("workflow_id", filter.workflow_id);
  return condition;
}

}  // namespace

void JobRepository::insert(const JobRecord& record) {
  Query(database_,
        "INSERT INTO jobs (" + k_job_columns +
            ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(record.id)
      .bind(record.name)
      .bind(record.description)
      .bind(record.type)
      .bind(record.status)
      .bind(record.runner)
      .bind(record.experiment_id)
      .bind(record.workflow_id)
      .bind(record.dataset_id)
      .bind(record.config_json)
      .bind(record.message)
      .bind(record.error_type)
      .bind(record.created_at)
      .bind(record.updated_at)
      .bind(record.start_time)
      .bind(record.end_time)
      .bind(record.driver_exit_code)
      .bind(record.attempt)
      .bind(record.storage_url)
      .bind(record.result_key)
      .bind(record.result_sha256)
      .bind(record.summary_json)
      .run();
}

std::optional<JobRecord> JobRepository::find(const std::string& id) {
  Query query(database_, "SELECT " + k_job_columns + " FROM jobs WHERE id = ?");
  return query.bind(id).next() ? std::optional(read_job(query)) : std::nullopt;
}

std::vector<std::string> JobRepository::find_ids_by_prefix(const std::string& prefix, std::size_t limit) {
  return store::find_ids_by_prefix(database_, k_job_ids, prefix, limit);
}

std::vector<std::string> JobRepository::find_near_ids(const std::string& id) {
  return store::find_near_ids(database_, k_job_ids, id);
}

Listing<JobRecord> JobRepository::list(const JobFilter& filter, const Page& page) {
  const auto condition = condition_of(filter);
  Listing<JobRecord> listing;
  Query total(database_, "SELECT count(*) FROM jobs" + condition.sql);
  condition.bind_to(total).next();
  listing.total = total.count();
  Query query(database_,
              "SELECT " + k_job_columns + " FROM jobs" + condition.sql +
                  " ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?");
  condition.bind_to(query).bind(sql_limit(page)).bind(page.skip);
  listing.items = read_jobs(query);
  return listing;
}

std::vector<JobRecord> JobRepository::list_unfinished() {
  Query query(database_,
              "SELECT " + k_job_columns + " FROM jobs WHERE " + k_unfinished_jobs + " ORDER BY created_at, id");
  return read_jobs(query);
}

std::vector<std::string> JobRepository::find_unfinished_of_dataset(const std::string& dataset_id) {
  Query query(database_,
              "SELECT id FROM jobs WHERE " + k_unfinished_jobs + " AND dataset_id = ? ORDER BY created_at, id");
  query.bind(dataset_id);
  std::vector<std::string> ids;
  while (query.next()) {
    ids.push_back(query.text());
  }
  return ids;
}

bool JobRepository::change(const JobFence& fence, const JobChange& change, Timestamp now) {
  return Query(database_,
               "UPDATE jobs SET updated_at = ?, status = coalesce(nullif(?, ''), status), message = coalesce(?, "
               "message), "
               "error_type = coalesce(?, error_type), start_time = coalesce(?, start_time), "
               "end_time = coalesce(?, end_time), driver_exit_code = coalesce(?, driver_exit_code), "
               "config_json = coalesce(?, config_json), storage_url = coalesce(?, storage_url), "
               "result_key = coalesce(?, result_key), result_sha256 = coalesce(?, result_sha256), "
               "summary_json = coalesce(?, summary_json) WHERE id = ? AND attempt = ? AND status = ? AND " +
                   k_unfinished_jobs)
             .bind(now)
             .bind(change.status)
             .bind(change.message)
             .bind(change.error_type)
             .bind(change.start_time)
             .bind(change.end_time)
             .bind(change.driver_exit_code)
             .bind(change.config_json)
             .bind(change.storage_url)
             .bind(change.result_key)
             .bind(change.result_sha256)
             .bind(change.summary_json)
             .bind(fence.id)
             .bind(fence.attempt)
             .bind(fence.status)
             .run() > 0;
}

bool JobRepository::resume(const JobFence& fence, Timestamp now) {
  return Query(database_,
               "UPDATE jobs SET status = 'created', attempt = attempt + 1, message = '', error_type = NULL, "
               "start_time = NULL, end_time = NULL, driver_exit_code = NULL, storage_url = NULL, result_key = NULL, "
               "result_sha256 = NULL, summary_json = NULL, updated_at = ? "
               "WHERE id = ? AND attempt = ? AND status = ? AND NOT " +
                   k_unfinished_jobs)
             .bind(now)
             .bind(fence.id)
             .bind(fence.attempt)
             .bind(fence.status)
             .run() > 0;
}

void JobRepository::join_workflow(const std::string& id,
                                  const std::string& experiment_id,
                                  const std::string& workflow_id) {
  Query(database_, "UPDATE jobs SET experiment_id = ?, workflow_id = ? WHERE id = ? AND workflow_id IS NULL")
      .bind(experiment_id)
      .bind(workflow_id)
      .bind(id)
      .run();
}

bool JobRepository::remove(const std::string& id) {
  return Query(database_, "DELETE FROM jobs WHERE id = ?").bind(id).run() > 0;
}

std::uint64_t JobRepository::count() {
  Query query(database_, "SELECT count(*) FROM jobs");
  query.next();
  return query.count();
}

}  // namespace lumi::store
