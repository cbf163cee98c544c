#pragma once
#include "base/clock.hpp"

#include <optional>
#include <string>

namespace lumi::store {

/// A row of the table `experiments`.
struct ExperimentRecord {
  std::string id;  ///< 32 hex digits
  std::string name;
  std::string description;
  std::string dataset_id;          ///< which may be gone
  std::string config_json = "{}";  ///< task_definition and max_samples
  Timestamp created_at;
  std::optional<Timestamp> updated_at;
};

}  // namespace lumi::store
