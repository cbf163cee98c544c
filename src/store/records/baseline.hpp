#pragma once
#include "base/clock.hpp"

#include <string>

namespace lumi::store {

/// A row of the table `baselines`.
struct BaselineRecord {
  std::string name;
  std::string job_id;  ///< of an evaluation
  Timestamp created_at;
};

}  // namespace lumi::store
