#pragma once
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "core/secrets/user_key.hpp"
#include "core/services/dataset.hpp"
#include "core/services/secret.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// Where the data of a Lumigator are.
struct LumigatorSource {
  std::filesystem::path database;               ///< of its backend
  std::string objects_url;                      ///< "file:///dir", "s3://bucket/prefix"
  std::optional<std::filesystem::path> mlflow;  ///< the database of its MLflow
  std::optional<secrets::UserKey> key;          ///< the key of its secrets
};

/// What became of the rows of a kind.
struct ImportCount {
  std::string kind;  ///< "datasets"
  std::uint64_t found = 0;
  std::uint64_t imported = 0;
  std::uint64_t present = 0;   ///< were there already, and stay as they are
  std::uint64_t left_out = 0;  ///< could not come over; a warning says why
};

/// What an import did.
struct LumigatorImport {
  std::vector<ImportCount> counts;
  std::vector<std::string> warnings;
};

/// Brings what a Lumigator has into this home: datasets, jobs with logs and results, experiments and workflows,
/// secrets. Ids and times stay. What is there already stays as it is, so that an import that was cut short is just run
/// again.
class LumigatorImportService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    DatasetService& datasets;
    SecretService& secrets;
    const Clock& clock;
    IdSource& ids;
    std::uint64_t max_memory = 16ULL * 1024 * 1024;  ///< for the scores of results that are read
  };

  /// Called after each row, with how many there were.
  using Progress = std::function<void(std::uint64_t done)>;

  explicit LumigatorImportService(Dependencies dependencies) : with_(dependencies) {}

  /// Throws `not_found` and `invalid_input` for databases that are none of Lumigator's, `credentials` for a key that
  /// does not fit, and what keeps objects from being read or written.
  LumigatorImport run(const LumigatorSource& source, const Progress& progress);

  /// What `run` would do, found by doing it in a home for the purpose, in the folder for temporary files, which is
  /// removed. Nothing else is changed. Throws as `run`.
  LumigatorImport try_out(const LumigatorSource& source, const Progress& progress);

private:
  Dependencies with_;
};

}  // namespace lumi::services
