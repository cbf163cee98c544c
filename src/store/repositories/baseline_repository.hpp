#pragma once
#include "store/database.hpp"
#include "store/records/baseline.hpp"
#include "store/records/listing.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lumi::store {

/// The table `baselines`.
class BaselineRepository {
public:
  /// Works on `database`, which must outlive it.
  explicit BaselineRepository(Database& database) : database_(database) {}

  std::optional<BaselineRecord> find(const std::string& name);

  /// Adds a row, or replaces that of the same name.
  void put(const BaselineRecord& record);

  Listing<BaselineRecord> list(const Page& page);

  /// The names that a job has.
  std::vector<std::string> find_names_of_job(const std::string& job_id);

  /// Removes the row; false if there was none.
  bool remove(const std::string& name);

  /// Removes the rows of a job.
  void remove_of_job(const std::string& job_id);

private:
  Database& database_;
};

}  // namespace lumi::store
