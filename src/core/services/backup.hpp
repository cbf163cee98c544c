#pragma once
#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/ids.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace lumi::services {

/// Whether the files of datasets and results are part of a backup.
enum class WithObjects { no, yes };

/// Whether a home that holds something is replaced.
enum class Replace { no, yes };

/// Called with the bytes done so far.
using BackupProgress = std::function<void(std::uint64_t bytes)>;

/// What a backup holds.
struct BackupSummary {
  std::string created_at;  ///< RFC 3339
  std::uint64_t datasets = 0;
  std::uint64_t jobs = 0;
  std::uint64_t objects = 0;
  std::uint64_t size_bytes = 0;                            ///< of the files in it
  std::optional<std::filesystem::path> replaced_database;  ///< where restore left the one that was there
};

/// A whole home in one file, and back. The file is a tar archive: see BackupWriter.
class BackupService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
    IdSource& ids;
  };

  explicit BackupService(Dependencies dependencies) : with_(dependencies) {}

  /// Writes the home, as it is at this moment, to `file`; nobody needs to stop working. The objects of every storage
  /// are in it. Throws `not_found` if there is no database, `conflict` if the file exists, `storage` naming an object
  /// that is missing or damaged; then no file is made.
  BackupSummary create(const std::filesystem::path& file,
                       WithObjects with_objects,
                       Overwrite overwrite,
                       BackupProgress progress = {});

  /// Makes the home what `file` says. Everything in it is checked before anything of the home changes; objects then
  /// come before the database that names them. All objects go to the home's own folder. Throws `conflict` if the
  /// home holds something and Replace::no, or a job is running; `invalid_input` for what is no whole backup.
  BackupSummary restore(const std::filesystem::path& file, Replace replace, const BackupProgress& progress = {});

private:
  Dependencies with_;
};

}  // namespace lumi::services
