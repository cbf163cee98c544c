#include "store/repositories/experiment_repository.hpp"

#include "store/query.hpp"
#include "store/repositories/id_table.hpp"

namespace lumi::store {

namespace {

constexpr IdTable k_experiment_ids{
    "SELECT id FROM experiments WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3",
    "SELECT id FROM experiments WHERE substr(id, 1, ?3) = ?1 OR substr(id, ?4, ?3) = ?2 LIMIT 100"};

const std::string k_experiment_columns = "id, name, description, dataset_id, config_json, created_at, updated_at";

ExperimentRecord read_experiment(Query& row) {
  ExperimentRecord record;
  record.id = row.text();
  record.name = row.text();
  record.description = row.text();
  record.dataset_id = row.text();
  record.config_json = row.text();
  record.created_at = row.time();
  record.updated_at = row.maybe_time();
  return record;
}

}  // namespace

bool ExperimentRepository::take_name(const std::string& name) {
  return Query(database_, "INSERT INTO experiment_names (name) VALUES (?) ON CONFLICT DO NOTHING").bind(name).run() > 0;
}

void ExperimentRepository::insert(const ExperimentRecord& record) {
  Query(database_, "INSERT INTO experiments (" + k_experiment_columns + ") VALUES (?, ?, ?, ?, ?, ?, ?)")
      .bind(record.id)
      .bind(record.name)
      .bind(record.description)
      .bind(record.dataset_id)
      .bind(record.config_json)
      .bind(record.created_at)
      .bind(record.updated_at)
      .run();
}

std::optional<ExperimentRecord> ExperimentRepository::find(const std::string& id) {
  Query query(database_, "SELECT " + k_experiment_columns + " FROM experiments WHERE id = ?");
  return query.bind(id).next() ? std::optional(read_experiment(query)) : std::nullopt;
}

std::vector<std::string> ExperimentRepository::find_ids_by_prefix(const std::string& prefix, std::size_t limit) {
  return store::find_ids_by_prefix(database_, k_experiment_ids, prefix, limit);
}

std::vector<std::string> ExperimentRepository::find_near_ids(const std::string& id) {
  return store::find_near_ids(database_, k_experiment_ids, id);
}

std::vector<std::string> ExperimentRepository::find_ids_of_dataset(const std::string& dataset_id) {
  Query query(database_, "SELECT id FROM experiments WHERE dataset_id = ? ORDER BY created_at, id");
  query.bind(dataset_id);
  std::vector<std::string> ids;
  while (query.next()) {
    ids.push_back(query.text());
  }
  return ids;
}

Listing<ExperimentRecord> ExperimentRepository::list(const Page& page) {
  Listing<ExperimentRecord> listing;
  listing.total = count();
  Query query(database_,
              "SELECT " + k_experiment_columns +
                  " FROM experiments ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?");
  query.bind(sql_limit(page)).bind(page.skip);
  while (query.next()) {
    listing.items.push_back(read_experiment(query));
  }
  return listing;
}

bool ExperimentRepository::remove(const std::string& id) {
  return Query(database_, "DELETE FROM experiments WHERE id = ?").bind(id).run() > 0;
}

std::uint64_t ExperimentRepository::count() {
  Query query(database_, "SELECT count(*) FROM experiments");
  query.next();
  return query.count();
}

}  // namespace lumi::store
