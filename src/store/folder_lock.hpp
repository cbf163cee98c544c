#pragma once
#include "base/file.hpp"
#include "store/home.hpp"

#include <filesystem>
#include <optional>
#include <utility>

namespace lumi::store {

/// Whether others may hold a lock at the same time.
enum class Sharing { shared, exclusive };

/// A lock on a folder between processes, held until it goes. Where there is no such folder, or its file system cannot
/// lock one, it does nothing.
class FolderLock {
public:
  /// Waits for the lock. Throws `interrupted` if a signal asked to stop.
  FolderLock(const std::filesystem::path& folder, Sharing sharing);

  /// The lock, unless somebody else holds it just now.
  static std::optional<FolderLock> try_lock(const std::filesystem::path& folder, Sharing sharing);

private:
  explicit FolderLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

/// Held while the database of a home is made, migrated or put in place.
inline FolderLock lock_home(const Home& home) { return {home.path(), Sharing::exclusive}; }

/// Held from before an object is committed until a row names it (shared), and while objects that no row names are
/// removed (exclusive).
inline FolderLock lock_objects(const Home& home, Sharing sharing) { return {home.objects_folder(), sharing}; }

/// As lock_objects, shared, for a home that may have no folder of objects yet because they are all elsewhere.
inline FolderLock lock_objects_for_writing(const Home& home) {
  make_private_folder(home.objects_folder());
  return lock_objects(home, Sharing::shared);
}

/// Held by the one process that moves a home's objects to another storage: what one has begun to send, another would
/// take for left behind.
inline FolderLock lock_moving(const Home& home) {
  make_private_folder(home.jobs_folder());
  return {home.jobs_folder(), Sharing::exclusive};
}

/// The same, or nothing if such a process is at work.
inline std::optional<FolderLock> try_lock_moving(const Home& home) {
  return FolderLock::try_lock(home.jobs_folder(), Sharing::exclusive);
}

}  // namespace lumi::store
