#pragma once
#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lumi::store {

/// A row of the table `workflows`. Statuses: created, running, succeeded, failed.
struct WorkflowRecord {
  std::string id;  ///< 32 hex digits
  std::string experiment_id;
  std::string name;
  std::string description;
  std::string status = "created";
  std::string reason;              ///< why it failed; "stopped" where someone stopped it
  std::string config_json = "{}";  ///< all that its steps need, secrets never in it
  Timestamp created_at;
  std::optional<Timestamp> updated_at;
  std::optional<std::string> storage_url;
  std::optional<std::string> result_key;
  std::optional<std::string> result_sha256;
  std::optional<std::string> summary_json;
  std::int64_t attempt = 1;  ///< fence: an owner writes only while the row still has its attempt
  std::optional<Timestamp> start_time;
  std::optional<Timestamp> end_time;
  std::optional<std::int64_t> exit_code;
};

}  // namespace lumi::store
