#pragma once
#include "store/database.hpp"
#include "store/records/job.hpp"
#include "store/records/listing.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::store {

/// Which jobs a listing shows; empty fields match all.
struct JobFilter {
  std::string type = {};
  std::string status = {};
  std::string experiment_id = {};
  std::string workflow_id = {};
};

/// What an owner may change in the row of its job; empty fields stay as they are.
struct JobChange {
  std::string status = {};
  std::optional<std::string> message = {};
  std::optional<std::string> error_type = {};
  std::optional<Timestamp> start_time = {};
  std::optional<Timestamp> end_time = {};
  std::optional<std::int64_t> driver_exit_code = {};
  std::optional<std::string> config_json = {};
  std::optional<std::string> storage_url = {};
  std::optional<std::string> result_key = {};
  std::optional<std::string> result_sha256 = {};
  std::optional<std::string> summary_json = {};
};

/// The row that an owner believes to have: no other is changed.
struct JobFence {
  std::string id;
  std::int64_t attempt = 1;
  std::string status;  ///< the present one
};

/// The table `jobs`. A row whose status is succeeded, failed or stopped changes only by `resume`.
class JobRepository {
public:
  /// Works on `database`, which must outlive it.
  explicit JobRepository(Database& database) : database_(database) {}

  /// Adds a row. Throws `conflict` if the id is taken.
  void insert(const JobRecord& record);

  std::optional<JobRecord> find(const std::string& id);

  /// At most `limit` ids that start with `prefix`, in their order.
  std::vector<std::string> find_ids_by_prefix(const std::string& prefix, std::size_t limit);

  /// Some ids that share their start or end with `id`: what a mistyped id may have meant.
  std::vector<std::string> find_near_ids(const std::string& id);

  Listing<JobRecord> list(const JobFilter& filter, const Page& page);

  /// The jobs that are not in a terminal state, oldest first.
  std::vector<JobRecord> list_unfinished();

  /// The ids of unfinished jobs that read this dataset.
  std::vector<std::string> find_unfinished_of_dataset(const std::string& dataset_id);

  /// Changes the row at time `now` if it is still as `fence` says; false if it is not, and the caller no longer owns
  /// it.
  bool change(const JobFence& fence, const JobChange& change, Timestamp now);

  /// Takes a job out of a terminal state: status created, the next attempt, no times, message, exit code or results.
  /// False if the row is not as `fence` says.
  bool resume(const JobFence& fence, Timestamp now);

  /// Says of a job that it is one of this workflow; a job of another keeps that one.
  void join_workflow(const std::string& id, const std::string& experiment_id, const std::string& workflow_id);

  /// Removes the row; false if there was none.
  bool remove(const std::string& id);

  std::uint64_t count();

private:
  Database& database_;
};

}  // namespace lumi::store
