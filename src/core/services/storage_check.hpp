#pragma once
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/files/object_store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lumi::services {

/// What a storage did with an object that was made to try it; times are in microseconds.
struct StorageReport {
  std::string storage_url;
  store::StorageAccess access;
  std::int64_t write_us = 0;
  std::int64_t read_us = 0;
  std::int64_t list_us = 0;
  std::int64_t delete_us = 0;
};

/// Tries a storage out.
class StorageCheckService {
public:
  struct Dependencies {
    store::ObjectStore& storage;
    const Clock& steady;
    IdSource& ids;
  };

  explicit StorageCheckService(Dependencies dependencies) : with_(dependencies) {}

  /// Writes an object of a few bytes, reads it back, finds it in a listing and deletes it. Throws what the storage
  /// throws; `storage` if it does not give back what was put in. The object is gone afterwards if it can be removed.
  StorageReport check();

private:
  Dependencies with_;
};

}  // namespace lumi::services
