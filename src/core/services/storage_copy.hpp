#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/garbage.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// Whether what was written is read back and compared before a row names it.
enum class ReadBack { no, yes };

/// What a copy did, or would do.
struct CopySummary {
  std::string to;
  std::uint64_t objects = 0;  ///< that were somewhere else
  std::uint64_t copied = 0;
  std::uint64_t size_bytes = 0;  ///< of those copied
  std::uint64_t in_place = 0;    ///< objects that were there already
  std::vector<std::string> failures;
};

/// Moves the objects of a home to another storage.
class StorageCopyService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
  };
  using Progress = std::function<void(std::uint64_t objects, std::uint64_t of)>;

  explicit StorageCopyService(Dependencies dependencies) : with_(dependencies) {}

  /// How many objects are elsewhere than in `to`.
  CopySummary plan(const std::string& to);

  /// Copies every object that is not in `to` and lets its row name the copy; a copy that is not what was stored is
  /// none. What somebody else has under the same key there is not replaced: it serves as the copy, if it is the same.
  /// The sources stay until `gc` is told to remove them. What one call leaves, because it is interrupted or a storage
  /// is out of reach, the next goes on with, also within an object. Of several processes one copies. Objects that
  /// cannot be copied for reasons of their own are in `failures`.
  CopySummary copy(const std::string& to, ReadBack read_back, const Progress& progress);

private:
  struct Batch;

  std::vector<store::ObjectReference> references_elsewhere(const std::string& to, CopySummary& summary);
  void copy_batch(Batch& batch);
  void announce(Batch& batch);
  std::optional<Error>
  judge_existing(const Batch& batch, const store::ObjectReference& reference, const std::string& sha256);
  void write_small(const Batch& batch,
                   std::vector<store::WholeObject>& objects,
                   const std::vector<store::ObjectReference>& references);
  store::StoredObject take_existing(const Batch& batch, const store::ObjectReference& reference);
  store::StoredObject write_large(const Batch& batch, const store::ObjectReference& reference);
  void copy_large(const Batch& batch, const store::ObjectReference& reference);
  void give_up_upload(const Batch& batch, const std::string& key);
  static void
  check_copy(const Batch& batch, const store::ObjectReference& reference, const store::StoredObject& stored);
  void point_rows(const std::vector<store::ObjectReference>& references, const std::string& to);

  Dependencies with_;
};

}  // namespace lumi::services
