#pragma once
#include "base/clock.hpp"

#include <cstdint>
#include <string>

namespace lumi::store {

/// A row of the table `garbage`: an object whose row is gone and which is to be removed.
struct GarbageRecord {
  std::string storage_url;
  std::string object_key;
  Timestamp created_at;
  std::int64_t attempts = 0;  ///< removals that failed
  std::string last_error;
};

/// An object that a row names.
struct ObjectReference {
  std::string owner_type;  ///< "dataset", "job", "workflow"
  std::string owner_id;
  std::string storage_url;
  std::string object_key;
  std::uint64_t size_bytes = 0;  ///< 0: not recorded
  std::string sha256;            ///< empty: not recorded
};

}  // namespace lumi::store
