#pragma once
#include "store/database.hpp"
#include "store/records/listing.hpp"
#include "store/records/workflow.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::store {

/// Which workflows a listing shows; empty fields match all.
struct WorkflowFilter {
  std::string experiment_id = {};
  std::string status = {};
};

/// What an owner may change in the row of its workflow; empty fields stay as they are.
struct WorkflowChange {
  std::string status = {};
  std::optional<std::string> reason = {};
  std::optional<std::string> config_json = {};
  std::optional<std::string> storage_url = {};
  std::optional<std::string> result_key = {};
  std::optional<std::string> result_sha256 = {};
  std::optional<Timestamp> start_time = {};
  std::optional<Timestamp> end_time = {};
  std::optional<std::int64_t> exit_code = {};
};

/// The row that an owner believes to have: no other is changed.
struct WorkflowFence {
  std::string id;
  std::int64_t attempt = 1;
  std::string status;  ///< the present one
};

/// The table `workflows`. A row whose status is succeeded or failed changes only by `resume`.
class WorkflowRepository {
public:
  /// Works on `database`, which must outlive it.
  explicit WorkflowRepository(Database& database) : database_(database) {}

  /// Adds a row. Throws `conflict` if the id is taken.
  void insert(const WorkflowRecord& record);

  std::optional<WorkflowRecord> find(const std::string& id);

  /// At most `limit` ids that start with `prefix`, in their order.
  std::vector<std::string> find_ids_by_prefix(const std::string& prefix, std::size_t limit);

  /// Some ids that share their start or end with `id`: what a mistyped id may have meant.
  std::vector<std::string> find_near_ids(const std::string& id);

  Listing<WorkflowRecord> list(const WorkflowFilter& filter, const Page& page);

  /// The workflows that have not ended, oldest first.
  std::vector<WorkflowRecord> list_unfinished();

  /// Changes the row if it is still as `fence` says and has not ended; false if the caller no longer owns it.
  bool change(const WorkflowFence& fence, const WorkflowChange& change);

  /// Takes a workflow out of its end: status created, the next attempt, no times, reason, exit code or results. False
  /// if the row is not as `fence` says.
  bool resume(const WorkflowFence& fence);

  /// Removes the row; false if there was none.
  bool remove(const std::string& id);

  std::uint64_t count();

private:
  Database& database_;
};

}  // namespace lumi::store
