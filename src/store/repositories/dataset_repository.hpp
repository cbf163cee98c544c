#pragma once
#include "store/database.hpp"
#include "store/records/dataset.hpp"
#include "store/records/listing.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::store {

/// The table `datasets`.
class DatasetRepository {
public:
  /// Works on `database`, which must outlive it.
  explicit DatasetRepository(Database& database) : database_(database) {}

  /// Adds a row. Throws `conflict` if the id is taken.
  void insert(const DatasetRecord& record);

  std::optional<DatasetRecord> find(const std::string& id);

  /// The newest dataset with the content (sha256 of the upload), name and columns of `record`, if there is one; where
  /// a job made `record`, only one that this job made.
  std::optional<DatasetRecord> find_same(const DatasetRecord& record);

  /// The datasets that a job made, newest first.
  std::vector<DatasetRecord> find_of_run(const std::string& run_id);

  /// At most `limit` ids that start with `prefix`, in their order.
  std::vector<std::string> find_ids_by_prefix(const std::string& prefix, std::size_t limit);

  /// Some ids that share their start or end with `id`: what a mistyped id may have meant.
  std::vector<std::string> find_near_ids(const std::string& id);

  Listing<DatasetRecord> list(const Page& page);

  /// Removes the row; false if there was none.
  bool remove(const std::string& id);

  std::uint64_t count();

private:
  Database& database_;
};

}  // namespace lumi::store
