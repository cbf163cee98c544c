#pragma once
#include "store/foreign/foreign_database.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lumi::store {

/// An experiment that is not deleted.
struct MlflowExperiment {
  std::string id;  ///< a decimal number
  std::string name;
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> updated_at;
  std::map<std::string, std::string> tags;
};

/// A run that is not deleted.
struct MlflowRun {
  std::string id;  ///< 32 hex digits
  std::string experiment_id;
  std::string status;  ///< as MLflow writes it: FINISHED
  std::optional<Timestamp> start_time;
  std::optional<Timestamp> end_time;
  std::map<std::string, std::string> tags;
  std::map<std::string, std::string> params;
};

/// The database of an MLflow server.
class MlflowDatabase {
public:
  /// Throws as ForeignDatabase, and `invalid_input` for another program's database.
  explicit MlflowDatabase(const std::filesystem::path& path);

  /// Oldest first.
  std::vector<MlflowExperiment> experiments();

  /// Those of all experiments, oldest first.
  std::vector<MlflowRun> runs();

private:
  using Entries = std::map<std::string, std::map<std::string, std::string>>;
  Entries entries_of(const std::string& table, const std::string& owner);

  ForeignDatabase database_;
};

}  // namespace lumi::store
