#pragma once
#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lumi::store {

/// A row of the table `jobs`. Statuses: created, pending, running, succeeded, failed, stopped.
struct JobRecord {
  std::string id;  ///< UUID
  std::string name;
  std::string description;
  std::string type;  ///< inference, annotate, evaluator
  std::string status = "created";
  std::string runner = "local";  ///< local: a process of this machine that holds the job's lock; ray
  std::optional<std::string> experiment_id;
  std::optional<std::string> workflow_id;
  std::optional<std::string> dataset_id;
  std::string config_json = "{}";  ///< the job's whole configuration, secrets never in it
  std::string message;
  std::optional<std::string> error_type;
  Timestamp created_at;
  std::optional<Timestamp> updated_at;
  std::optional<Timestamp> start_time;
  std::optional<Timestamp> end_time;
  std::optional<std::int64_t> driver_exit_code;
  std::int64_t attempt = 1;  ///< fence: an owner writes only while the row still has its attempt
  std::optional<std::string> storage_url;
  std::optional<std::string> result_key;
  std::optional<std::string> result_sha256;
  std::optional<std::string> summary_json;  ///< means, coverage, counts: what listings show without reading the result
};

}  // namespace lumi::store
