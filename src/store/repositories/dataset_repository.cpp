#include "store/repositories/dataset_repository.hpp"

#include "store/query.hpp"
#include "store/repositories/id_table.hpp"

namespace lumi::store {

namespace {

constexpr IdTable k_dataset_ids{
    "SELECT id FROM datasets WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3",
    "SELECT id FROM datasets WHERE substr(id, 1, ?3) = ?1 OR substr(id, ?4, ?3) = ?2 LIMIT 100"};

const std::string k_dataset_columns =
    "id, filename, format, size_bytes, sha256, ground_truth, run_id, generated, generated_by, created_at, rows, "
    "columns_json, storage_url, object_key, object_size_bytes, object_sha256";

DatasetRecord read_dataset(Query& row) {
  DatasetRecord record;
  record.id = row.text();
  record.filename = row.text();
  record.format = row.text();
  record.size_bytes = row.count();
  record.sha256 = row.text();
  record.ground_truth = row.flag();
  record.run_id = row.maybe_text();
  record.generated = row.flag();
  record.generated_by = row.maybe_text();
  record.created_at = row.time();
  record.rows = row.count();
  record.columns_json = row.text();
  record.storage_url = row.text();
  record.object_key = row.text();
  record.object_size_bytes = row.count();
  record.object_sha256 = row.text();
  return record;
}

}  // namespace

void DatasetRepository::insert(const DatasetRecord& record) {
  Query(database_,
        "INSERT INTO datasets (" + k_dataset_columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(record.id)
      .bind(record.filename)
      .bind(record.format)
      .bind(record.size_bytes)
      .bind(record.sha256)
      .bind_flag(record.ground_truth)
      .bind(record.run_id)
      .bind_flag(record.generated)
      .bind(record.generated_by)
      .bind(record.created_at)
      .bind(record.rows)
      .bind(record.columns_json)
      .bind(record.storage_url)
      .bind(record.object_key)
      .bind(record.object_size_bytes)
      .bind(record.object_sha256)
      .run();
}

std::optional<DatasetRecord> DatasetRepository::find(const std::string& id) {
  Query query(database_, "SELECT " + k_dataset_columns + " FROM datasets WHERE id = ?");
  return query.bind(id).next() ? std::optional(read_dataset(query)) : std::nullopt;
}

std::optional<DatasetRecord> DatasetRepository::find_same(const DatasetRecord& record) {
  Query query(database_,
              "SELECT " + k_dataset_columns +
                  " FROM datasets WHERE sha256 = ? AND filename = ? AND columns_json = ? AND (? IS NULL OR run_id = ?) "
                  "ORDER BY created_at DESC, id DESC LIMIT 1");
  query.bind(record.sha256).bind(record.filename).bind(record.columns_json).bind(record.run_id).bind(record.run_id);
  return query.next() ? std::optional(read_dataset(query)) : std::nullopt;
}

std::vector<DatasetRecord> DatasetRepository::find_of_run(const std::string& run_id) {
  Query query(database_,
              "SELECT " + k_dataset_columns + " FROM datasets WHERE run_id = ? ORDER BY created_at DESC, id DESC");
  query.bind(run_id);
  std::vector<DatasetRecord> records;
  while (query.next()) {
    records.push_back(read_dataset(query));
  }
  return records;
}

std::vector<std::string> DatasetRepository::find_ids_by_prefix(const std::string& prefix, std::size_t limit) {
  return store::find_ids_by_prefix(database_, k_dataset_ids, prefix, limit);
}

std::vector<std::string> DatasetRepository::find_near_ids(const std::string& id) {
  return store::find_near_ids(database_, k_dataset_ids, id);
}

Listing<DatasetRecord> DatasetRepository::list(const Page& page) {
  Listing<DatasetRecord> listing;
  listing.total = count();
  Query query(database_,
              "SELECT " + k_dataset_columns + " FROM datasets ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?");
  query.bind(sql_limit(page)).bind(page.skip);
  while (query.next()) {
    listing.items.push_back(read_dataset(query));
  }
  return listing;
}

bool DatasetRepository::remove(const std::string& id) {
  return Query(database_, "DELETE FROM datasets WHERE id = ?").bind(id).run() > 0;
}

std::uint64_t DatasetRepository::count() {
  Query query(database_, "SELECT count(*) FROM datasets");
  query.next();
  return query.count();
}

}  // namespace lumi::store
