#include "store/folder_lock.hpp"

#include "base/interrupt.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>

namespace lumi::store {

FolderLock::FolderLock(const std::filesystem::path& folder, Sharing sharing) {
  fd_.reset(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const int operation = sharing == Sharing::shared ? LOCK_SH : LOCK_EX;
  while (fd_.is_open() && ::flock(fd_.get(), operation) != 0 && errno == EINTR) {
    throw_if_interrupted();
  }
}

}  // namespace lumi::store
