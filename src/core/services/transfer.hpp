#pragma once
#include "base/clock.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/row_copy.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lumi::services {

/// What an export or import was about.
struct TransferSummary {
  std::array<std::uint64_t, 4> rows{};  ///< by CopiedTable
  std::uint64_t skipped = 0;            ///< rows that were there already
  std::uint64_t objects = 0;
  std::uint64_t size_bytes = 0;  ///< of the objects
};

/// Moves experiments, with all that belongs to them, and single jobs and datasets between homes, by way of a folder:
/// manifest.json has the rows and the hash of every file, objects/ the files.
class TransferService {
public:
  /// Told how many bytes were copied.
  using Progress = std::function<void(std::uint64_t bytes)>;

  TransferService(store::DatabaseProvider& databases, store::ObjectStores& objects, const Clock& clock)
      : databases_(databases), objects_(objects), clock_(clock) {}

  /// Writes what `ids` (or unique prefixes of them) name to `folder`, which must be empty or not there. Throws
  /// `not_found`, `conflict` for a folder that holds something, `pending` for what has not ended, `usage` for a job of
  /// an experiment.
  TransferSummary
  write(const std::vector<std::string>& ids, const std::filesystem::path& folder, const Progress& progress = {});

  /// Adds what `folder` holds: files first, then all rows at once. What is there with the same content is skipped.
  /// Throws `conflict` for what is there with another, `invalid_input` for a folder that no export wrote, `storage` for
  /// a damaged file; then no row was added.
  TransferSummary read(const std::filesystem::path& folder, const Progress& progress = {});

private:
  store::DatabaseProvider& databases_;
  store::ObjectStores& objects_;
  const Clock& clock_;
};

}  // namespace lumi::services
