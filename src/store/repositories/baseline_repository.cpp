#include "store/repositories/baseline_repository.hpp"

#include "store/query.hpp"
#include "store/repositories/id_table.hpp"

namespace lumi::store {

namespace {

const std::string k_baseline_columns = "name, job_id, created_at";

BaselineRecord read_baseline(Query& row) {
  BaselineRecord record;
  record.name = row.text();
  record.job_id = row.text();
  record.created_at = row.time();
  return record;
}

}  // namespace

std::optional<BaselineRecord> BaselineRepository::find(const std::string& name) {
  Query query(database_, "SELECT " + k_baseline_columns + " FROM baselines WHERE name = ?");
  return query.bind(name).next() ? std::optional(read_baseline(query)) : std::nullopt;
}

void BaselineRepository::put(const BaselineRecord& record) {
  Query(database_,
        "INSERT INTO baselines (" + k_baseline_columns +
            ") VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET job_id = excluded.job_id, "
            "created_at = excluded.created_at")
      .bind(record.name)
      .bind(record.job_id)
      .bind(record.created_at)
      .run();
}

Listing<BaselineRecord> BaselineRepository::list(const Page& page) {
  Listing<BaselineRecord> listing;
  Query total(database_, "SELECT count(*) FROM baselines");
  total.next();
  listing.total = total.count();
  Query query(database_,
              "SELECT " + k_baseline_columns + " FROM baselines ORDER BY created_at DESC, name LIMIT ? OFFSET ?");
  query.bind(sql_limit(page)).bind(page.skip);
  while (query.next()) {
    listing.items.push_back(read_baseline(query));
  }
  return listing;
}

std::vector<std::string> BaselineRepository::find_names_of_job(const std::string& job_id) {
  Query query(database_, "SELECT name FROM baselines WHERE job_id = ? ORDER BY name");
  query.bind(job_id);
  std::vector<std::string> names;
  while (query.next()) {
    names.push_back(query.text());
  }
  return names;
}

bool BaselineRepository::remove(const std::string& name) {
  return Query(database_, "DELETE FROM baselines WHERE name = ?").bind(name).run() > 0;
}

void BaselineRepository::remove_of_job(const std::string& job_id) {
  Query(database_, "DELETE FROM baselines WHERE job_id = ?").bind(job_id).run();
}

}  // namespace lumi::store
