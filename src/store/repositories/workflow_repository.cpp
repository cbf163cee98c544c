#include "store/repositories/workflow_repository.hpp"

#include "store/query.hpp"
#include "store/repositories/id_table.hpp"

namespace lumi::store {

namespace {

constexpr IdTable k_workflow_ids{
    "SELECT id FROM workflows WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3",
    "SELECT id FROM workflows WHERE substr(id, 1, ?3) = ?1 OR substr(id, ?4, ?3) = ?2 LIMIT 100"};

const std::string k_workflow_columns =
    "id, experiment_id, name, description, status, reason, config_json, created_at, updated_at, storage_url, "
    "result_key, result_sha256, summary_json, attempt, start_time, end_time, exit_code";

const std::string k_unfinished_workflows = "status IN ('created', 'running')";

// ?1 and ?2 are the filter's fields, empty for all.
const std::string k_filter = " WHERE (?1 = '' OR experiment_id = ?1) AND (?2 = '' OR status = ?2)";

WorkflowRecord read_workflow(Query& row) {
  WorkflowRecord record;
  record.id = row.text();
  record.experiment_id = row.text();
  record.name = row.text();
  record.description = row.text();
  record.status = row.text();
  record.reason = row.text();
  record.config_json = row.text();
  record.created_at = row.time();
  record.updated_at = row.maybe_time();
  record.storage_url = row.maybe_text();
  record.result_key = row.maybe_text();
  record.result_sha256 = row.maybe_text();
  record.summary_json = row.maybe_text();
  record.attempt = row.integer();
  record.start_time = row.maybe_time();
  record.end_time = row.maybe_time();
  record.exit_code = row.maybe_integer();
  return record;
}

std::vector<WorkflowRecord> read_workflows(Query& query) {
  std::vector<WorkflowRecord> records;
  while (query.next()) {
    records.push_back(read_workflow(query));
  }
  return records;
}

}  // namespace

void WorkflowRepository::insert(const WorkflowRecord& record) {
  Query(database_,
        "INSERT INTO workflows (" + k_workflow_columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(record.id)
      .bind(record.experiment_id)
      .bind(record.name)
      .bind(record.description)
      .bind(record.status)
      .bind(record.reason)
      .bind(record.config_json)
      .bind(record.created_at)
      .bind(record.updated_at)
      .bind(record.storage_url)
      .bind(record.result_key)
      .bind(record.result_sha256)
      .bind(record.summary_json)
      .bind(record.attempt)
      .bind(record.start_time)
      .bind(record.end_time)
      .bind(record.exit_code)
      .run();
}

std::optional<WorkflowRecord> WorkflowRepository::find(const std::string& id) {
  Query query(database_, "SELECT " + k_workflow_columns + " FROM workflows WHERE id = ?");
  return query.bind(id).next() ? std::optional(read_workflow(query)) : std::nullopt;
}

std::vector<std::string> WorkflowRepository::find_ids_by_prefix(const std::string& prefix, std::size_t limit) {
  return store::find_ids_by_prefix(database_, k_workflow_ids, prefix, limit);
}

std::vector<std::string> WorkflowRepository::find_near_ids(const std::string& id) {
  return store::find_near_ids(database_, k_workflow_ids, id);
}

Listing<WorkflowRecord> WorkflowRepository::list(const WorkflowFilter& filter, const Page& page) {
  Listing<WorkflowRecord> listing;
  Query total(database_, "SELECT count(*) FROM workflows" + k_filter);
  total.bind(filter.experiment_id).bind(filter.status).next();
  listing.total = total.count();
  Query query(database_,
              "SELECT " + k_workflow_columns + " FROM workflows" + k_filter +
                  " ORDER BY created_at DESC, id DESC LIMIT ?3 OFFSET ?4");
  query.bind(filter.experiment_id).bind(filter.status).bind(sql_limit(page)).bind(page.skip);
  listing.items = read_workflows(query);
  return listing;
}

std::vector<WorkflowRecord> WorkflowRepository::list_unfinished() {
  Query query(database_,
              "SELECT " + k_workflow_columns + " FROM workflows WHERE " + k_unfinished_workflows +
                  " ORDER BY created_at, id");
  return read_workflows(query);
}

bool WorkflowRepository::change(const WorkflowFence& fence, const WorkflowChange& change) {
  return Query(database_,
               "UPDATE workflows SET status = coalesce(nullif(?, ''), status), reason = coalesce(?, reason), "
               "config_json = coalesce(?, config_json), storage_url = coalesce(?, storage_url), "
               "result_key = coalesce(?, result_key), result_sha256 = coalesce(?, result_sha256), "
               "start_time = coalesce(?, start_time), end_time = coalesce(?, end_time), "
               "exit_code = coalesce(?, exit_code) WHERE id = ? AND attempt = ? AND status = ? AND " +
                   k_unfinished_workflows)
             .bind(change.status)
             .bind(change.reason)
             .bind(change.config_json)
             .bind(change.storage_url)
             .bind(change.result_key)
             .bind(change.result_sha256)
             .bind(change.start_time)
             .bind(change.end_time)
             .bind(change.exit_code)
             .bind(fence.id)
             .bind(fence.attempt)
             .bind(fence.status)
             .run() > 0;
}

bool WorkflowRepository::resume(const WorkflowFence& fence) {
  return Query(database_,
               "UPDATE workflows SET status = 'created', attempt = attempt + 1, reason = '', start_time = NULL, "
               "end_time = NULL, exit_code = NULL, storage_url = NULL, result_key = NULL, result_sha256 = NULL, "
               "summary_json = NULL WHERE id = ? AND attempt = ? AND status = ? AND NOT " +
                   k_unfinished_workflows)
             .bind(fence.id)
             .bind(fence.attempt)
             .bind(fence.status)
             .run() > 0;
}

bool WorkflowRepository::remove(const std::string& id) {
  return Query(database_, "DELETE FROM workflows WHERE id = ?").bind(id).run() > 0;
}

std::uint64_t WorkflowRepository::count() {
  Query query(database_, "SELECT count(*) FROM workflows");
  query.next();
  return query.count();
}

}  // namespace lumi::store
