#pragma once
#include "store/foreign/foreign_database.hpp"
#include "store/records/dataset.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lumi::store {

/// A job of Lumigator's table.
struct LumigatorJob {
  std::string id;  ///< UUID
  std::string name;
  std::string description;
  std::string type;    ///< inference, annotate, evaluator; empty in the oldest versions
  std::string status;  ///< in lower case
  std::string logs;
  Timestamp created_at;
  std::optional<Timestamp> updated_at;
};

/// A secret as Lumigator keeps it.
struct LumigatorSecret {
  std::string name;
  std::string description;
  std::string encrypted;  ///< Base64
  Timestamp created_at;
};

/// The database of Lumigator's backend, of any of its versions. Rows without an id or a time cannot be told from others
/// and are left out.
class LumigatorDatabase {
public:
  /// Throws as ForeignDatabase, and `invalid_input` for another program's database.
  explicit LumigatorDatabase(const std::filesystem::path& path);

  /// What the table tells of the datasets, oldest first; what it does not tell keeps its default.
  std::vector<DatasetRecord> datasets();

  /// Calls `visit` for each job, oldest first.
  void visit_jobs(const std::function<void(const LumigatorJob&)>& visit);

  /// Oldest first.
  std::vector<LumigatorSecret> secrets();

  /// How many rows were left out so far.
  std::uint64_t unreadable() const { return unreadable_; }

private:
  ForeignDatabase database_;
  std::uint64_t unreadable_ = 0;
};

}  // namespace lumi::store
