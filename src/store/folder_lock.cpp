#include "store/folder_lock.hpp"

#include "base/interrupt.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>

namespace lumi::store {

namespace {

UniqueFd open_folder(const std::filesystem::path& folder) {
  return UniqueFd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

int operation_of(Sharing sharing) { return sharing == Sharing::shared ? LOCK_SH : LOCK_EX; }

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, Sharing sharing) : fd_(open_folder(folder)) {
  while (fd_.is_open() && ::flock(fd_.get(), operation_of(sharing)) != 0 && errno == EINTR) {
    throw_if_interrupted();
  }
}

std::optional<FolderLock> FolderLock::try_lock(const std::filesystem::path& folder, Sharing sharing) {
  auto fd = open_folder(folder);
  if (fd.is_open() && ::flock(fd.get(), operation_of(sharing) | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return std::nullopt;
  }
  return FolderLock(std::move(fd));
}

}  // namespace lumi::store
