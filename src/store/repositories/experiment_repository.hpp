#pragma once
#include "store/database.hpp"
#include "store/records/experiment.hpp"
#include "store/records/listing.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::store {

/// The table `experiments`, and which names are taken.
class ExperimentRepository {
public:
  /// Works on `database`, which must outlive it.
  explicit ExperimentRepository(Database& database) : database_(database) {}

  /// Takes `name` for ever; false if some experiment has or had it.
  bool take_name(const std::string& name);

  /// Adds a row. Throws `conflict` if the id is taken.
  void insert(const ExperimentRecord& record);

  std::optional<ExperimentRecord> find(const std::string& id);

  /// At most `limit` ids that start with `prefix`, in their order.
  std::vector<std::string> find_ids_by_prefix(const std::string& prefix, std::size_t limit);

  /// Some ids that share their start or end with `id`: what a mistyped id may have meant.
  std::vector<std::string> find_near_ids(const std::string& id);

  /// The ids of the experiments on this dataset.
  std::vector<std::string> find_ids_of_dataset(const std::string& dataset_id);

  Listing<ExperimentRecord> list(const Page& page);

  /// Removes the row; false if there was none. Its name stays taken.
  bool remove(const std::string& id);

  std::uint64_t count();

private:
  Database& database_;
};

}  // namespace lumi::store
