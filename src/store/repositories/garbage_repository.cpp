#include "store/repositories/garbage_repository.hpp"

#include "store/query.hpp"

namespace lumi::store {

namespace {

constexpr const char* k_noted_columns =
    "SELECT storage_url, object_key, created_at, attempts, last_error, mark, upload_id FROM garbage ";

GarbageRecord read_note(Query& query) {
  GarbageRecord record;
  record.storage_url = query.text();
  record.object_key = query.text();
  record.created_at = query.time();
  record.attempts = query.integer();
  record.last_error = query.text();
  record.mark = query.text();
  record.upload_id = query.text();
  return record;
}

}  // namespace

void GarbageRepository::insert(const GarbageRecord& record) {
  Query(database_,
        "INSERT INTO garbage (storage_url, object_key, created_at, attempts, last_error, mark) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET created_at = excluded.created_at, mark = excluded.mark, "
        "upload_id = iif(mark = excluded.mark, upload_id, '') "
        "WHERE mark <> ''")
      .bind(record.storage_url)
      .bind(record.object_key)
      .bind(record.created_at)
      .bind(record.attempts)
      .bind(record.last_error)
      .bind(record.mark)
      .run();
}

std::optional<GarbageRecord> GarbageRepository::find(const std::string& storage_url, const std::string& object_key) {
  Query query(database_, std::string(k_noted_columns) + "WHERE storage_url = ? AND object_key = ?");
  return query.bind(storage_url).bind(object_key).next() ? std::optional(read_note(query)) : std::nullopt;
}

std::vector<GarbageRecord> GarbageRepository::list() {
  Query query(database_, std::string(k_noted_columns) + "ORDER BY created_at, storage_url, object_key");
  std::vector<GarbageRecord> records;
  while (query.next()) {
    records.push_back(read_note(query));
  }
  return records;
}

bool GarbageRepository::remove(const std::string& storage_url, const std::string& object_key) {
  return Query(database_, "DELETE FROM garbage WHERE storage_url = ? AND object_key = ?")
             .bind(storage_url)
             .bind(object_key)
             .run() > 0;
}

void GarbageRepository::note_failure(const std::string& storage_url,
                                     const std::string& object_key,
                                     const std::string& error) {
  Query(database_,
        "UPDATE garbage SET attempts = attempts + 1, last_error = ? WHERE storage_url = ? AND object_key = ?")
      .bind(error)
      .bind(storage_url)
      .bind(object_key)
      .run();
}

void GarbageRepository::note_upload(const std::string& storage_url,
                                    const std::string& object_key,
                                    const std::string& upload_id) {
  Query(database_, "UPDATE garbage SET upload_id = ? WHERE storage_url = ? AND object_key = ?")
      .bind(upload_id)
      .bind(storage_url)
      .bind(object_key)
      .run();
}

std::uint64_t GarbageRepository::count() {
  Query query(database_, "SELECT count(*) FROM garbage");
  query.next();
  return query.count();
}

void GarbageRepository::visit_references(const std::function<void(const ObjectReference&)>& visit) {
  Query query(database_,
              "SELECT owner_type, owner_id, coalesce(storage_url, ''), object_key, coalesce(size_bytes, 0), "
              "coalesce(sha256, '') FROM object_references ORDER BY owner_type, owner_id");
  while (query.next()) {
    ObjectReference reference;
    reference.owner_type = query.text();
    reference.owner_id = query.text();
    reference.storage_url = query.text();
    reference.object_key = query.text();
    reference.size_bytes = query.count();
    reference.sha256 = query.text();
    visit(reference);
  }
}

bool GarbageRepository::is_referenced(const std::string& storage_url, const std::string& object_key) {
  Query query(database_, "SELECT 1 FROM object_references WHERE object_key = ? AND storage_url = ? LIMIT 1");
  return query.bind(object_key).bind(storage_url).next();
}

bool GarbageRepository::is_noted(const std::string& storage_url, const std::string& object_key) {
  Query query(database_, "SELECT 1 FROM garbage WHERE storage_url = ? AND object_key = ?");
  return query.bind(storage_url).bind(object_key).next();
}

bool GarbageRepository::is_kept_source(const std::string& storage_url, const std::string& object_key) {
  Query query(database_, "SELECT 1 FROM garbage WHERE storage_url = ? AND object_key = ? AND attempts = ?");
  return query.bind(storage_url).bind(object_key).bind(k_kept_source).next();
}

bool GarbageRepository::move(const ObjectReference& reference, const std::string& storage_url) {
  Query query(database_,
              "SELECT 1 FROM object_references WHERE owner_type = ? AND owner_id = ? AND storage_url = ? "
              "AND object_key = ?");
  const bool is_named = query.bind(reference.owner_type)
                            .bind(reference.owner_id)
                            .bind(reference.storage_url)
                            .bind(reference.object_key)
                            .next();
  if (is_named) {
    set_storage_url(reference, storage_url);
  }
  return is_named;
}

void GarbageRepository::set_storage_url(const ObjectReference& reference, const std::string& storage_url) {
  const char* statement = reference.owner_type == "dataset"    ? "UPDATE datasets SET storage_url = ? WHERE id = ?"
                          : reference.owner_type == "workflow" ? "UPDATE workflows SET storage_url = ? WHERE id = ?"
                                                               : "UPDATE jobs SET storage_url = ? WHERE id = ?";
  Query(database_, statement).bind(storage_url).bind(reference.owner_id).run();
}

}  // namespace lumi::store
