#pragma once
#include "base/clock.hpp"

#include <optional>
#include <string>

namespace lumi::store {

/// A row of the table `secrets`.
struct SecretRecord {
  std::string name;  ///< lower case
  std::string description;
  std::string hosts_json = "[]";  ///< where it may go; none: to its provider
  std::string sealed;             ///< the value under a data key, in Base64
  Timestamp created_at;
  std::optional<Timestamp> updated_at;
};

/// A row of the table `data_keys`: the key that values are sealed with, itself sealed.
struct DataKeyRecord {
  std::string id;  ///< 16 hex digits
  std::string sealed;
  Timestamp created_at;
};

}  // namespace lumi::store
