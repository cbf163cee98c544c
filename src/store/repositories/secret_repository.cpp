#include "store/repositories/secret_repository.hpp"

#include "store/query.hpp"
#include "store/repositories/id_table.hpp"

namespace lumi::store {

namespace {

const std::string k_secret_columns = "name, description, hosts_json, sealed, created_at, updated_at";

SecretRecord read_secret(Query& row) {
  SecretRecord record;
  record.name = row.text();
  record.description = row.text();
  record.hosts_json = row.text();
  record.sealed = row.text();
  record.created_at = row.time();
  record.updated_at = row.maybe_time();
  return record;
}

}  // namespace

std::optional<SecretRecord> SecretRepository::find(const std::string& name) {
  Query query(database_, "SELECT " + k_secret_columns + " FROM secrets WHERE name = ?");
  return query.bind(name).next() ? std::optional(read_secret(query)) : std::nullopt;
}

void SecretRepository::put(const SecretRecord& record) {
  Query(database_,
        "INSERT INTO secrets (" + k_secret_columns +
            ") VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET description = excluded.description, "
            "hosts_json = excluded.hosts_json, sealed = excluded.sealed, updated_at = excluded.updated_at")
      .bind(record.name)
      .bind(record.description)
      .bind(record.hosts_json)
      .bind(record.sealed)
      .bind(record.created_at)
      .bind(record.updated_at)
      .run();
}

Listing<SecretRecord> SecretRepository::list(const Page& page) {
  Listing<SecretRecord> listing;
  Query total(database_, "SELECT count(*) FROM secrets");
  total.next();
  listing.total = total.count();
  Query query(database_,
              "SELECT " + k_secret_columns + " FROM secrets ORDER BY created_at DESC, name LIMIT ? OFFSET ?");
  query.bind(sql_limit(page)).bind(page.skip);
  while (query.next()) {
    listing.items.push_back(read_secret(query));
  }
  return listing;
}

bool SecretRepository::remove(const std::string& name) {
  return Query(database_, "DELETE FROM secrets WHERE name = ?").bind(name).run() > 0;
}

std::optional<DataKeyRecord> SecretRepository::find_data_key() {
  Query query(database_, "SELECT id, sealed, created_at FROM data_keys ORDER BY created_at DESC, id LIMIT 1");
  if (!query.next()) {
    return std::nullopt;
  }
  DataKeyRecord record;
  record.id = query.text();
  record.sealed = query.text();
  record.created_at = query.time();
  return record;
}

void SecretRepository::replace_data_keys(const DataKeyRecord& record) {
  Query(database_, "DELETE FROM data_keys").run();
  Query(database_, "INSERT INTO data_keys (id, sealed, created_at) VALUES (?, ?, ?)")
      .bind(record.id)
      .bind(record.sealed)
      .bind(record.created_at)
      .run();
}

}  // namespace lumi::store
