#pragma once
#include "store/database.hpp"
#include "store/records/garbage.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lumi::store {

/// The table `garbage`, and which objects the other tables name.
class GarbageRepository {
public:
  /// Works on `database`, which must outlive it.
  explicit GarbageRepository(Database& database) : database_(database) {}

  /// Notes that an object is to be removed; one that is noted already stays so, with this time and mark unless any
  /// object was meant.
  void insert(const GarbageRecord& record);

  /// The note of an object, or nothing.
  std::optional<GarbageRecord> find(const std::string& storage_url, const std::string& object_key);

  /// Everything that is to be removed, oldest first.
  std::vector<GarbageRecord> list();

  /// Removes the row; false if there was none.
  bool remove(const std::string& storage_url, const std::string& object_key);

  /// Notes that removing the object failed.
  void note_failure(const std::string& storage_url, const std::string& object_key, const std::string& error);

  /// Notes the upload in which the object is sent, if there is a note of it.
  void note_upload(const std::string& storage_url, const std::string& object_key, const std::string& upload_id);

  std::uint64_t count();

  /// Calls `visit` for every object that a row names, in order of owner type and id.
  void visit_references(const std::function<void(const ObjectReference&)>& visit);

  /// Whether a row names this object.
  bool is_referenced(const std::string& storage_url, const std::string& object_key);

  /// Whether it is noted that the object is to be removed.
  bool is_noted(const std::string& storage_url, const std::string& object_key);

  /// Whether the object was copied elsewhere and is kept.
  bool is_kept_source(const std::string& storage_url, const std::string& object_key);

  /// Names the object at `storage_url` in its owner's row, if that still names the one of `reference`; else nothing
  /// happens, and false.
  bool move(const ObjectReference& reference, const std::string& storage_url);

  /// Notes in the owner's row that the object is in another storage now.
  void set_storage_url(const ObjectReference& reference, const std::string& storage_url);

private:
  Database& database_;
};

}  // namespace lumi::store
