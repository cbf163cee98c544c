#pragma once
#include "base/clock.hpp"

#include <cstdint>
#include <string>

namespace lumi::store {

/// GarbageRecord::attempts of an object that was copied elsewhere and stays until its removal is asked for.
inline constexpr std::int64_t k_kept_source = -1;

/// A row of the table `garbage`: an object whose row is gone, or is not there yet, and which is to be removed.
struct GarbageRecord {
  std::string storage_url;
  std::string object_key;
  Timestamp created_at;
  std::int64_t attempts = 0;  ///< removals that failed, or k_kept_source
  std::string last_error;
  std::string mark = {};       ///< of the object, if there is one (Writing::mark); empty: any object is meant
  std::string upload_id = {};  ///< of the parts that were sent of it (UnfinishedObject::id); empty: none
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
