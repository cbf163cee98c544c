#include "store/files/local_object_writer.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace lumi::store {

namespace {

constexpr std::string_view k_temporary_start = ".lumi-";
constexpr std::string_view k_temporary_end = ".part";
constexpr std::uint64_t k_flush_step = 8 * 1024 * 1024;

}  // namespace

bool is_temporary_name(std::string_view name) {
  return name.starts_with(k_temporary_start) && name.ends_with(k_temporary_end);
}

LocalObjectWriter::LocalObjectWriter(std::string key,
                                     std::vector<Folder> folders,
                                     std::vector<std::size_t> new_below,
                                     Existing existing)
    : key_(std::move(key)), folders_(std::move(folders)), new_below_(std::move(new_below)), existing_(existing) {}

LocalObjectWriter::~LocalObjectWriter() {
  if (fd_.is_open()) {
    ::unlinkat(folders_.back().fd(), temporary_.c_str(), 0);
    remove_empty_folders();
  }
}

void LocalObjectWriter::remove_empty_folders() const {
  const auto parts = split(key_, '/');
  std::size_t last = folders_.size() - 1;
  while (last > 0 && ::unlinkat(folders_[last - 1].fd(), std::string(parts[last - 1]).c_str(), AT_REMOVEDIR) == 0) {
    --last;
  }
}

bool LocalObjectWriter::start() {
  temporary_ = std::string(k_temporary_start) + RandomIds().uuid() + std::string(k_temporary_end);
  UniqueFd fd(
      ::openat(folders_.back().fd(), temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.is_open()) {
    if (errno == ENOENT) {
      return false;
    }
    fail(errno);
  }
  // gc removes temporary files that nobody locks, so one may be gone before it is locked.
  struct stat info {};
  const bool is_locked = ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
  if (!is_locked || ::fstat(fd.get(), &info) != 0 || info.st_nlink == 0) {
    return false;
  }
  fd_ = std::move(fd);
  return true;
}

void LocalObjectWriter::write_block(std::string_view bytes) {
  hash_.update(bytes);
  size_bytes_ += bytes.size();
  while (!bytes.empty()) {
    const auto count = ::write(fd_.get(), bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      fail(errno);
    }
  }
  if (size_bytes_ - flushed_bytes_ >= k_flush_step) {
    // Only a hint: the disk works while the next blocks are made, so that the sync at the end is short.
    ::sync_file_range(fd_.get(),
                      static_cast<off64_t>(flushed_bytes_),
                      static_cast<off64_t>(size_bytes_ - flushed_bytes_),
                      SYNC_FILE_RANGE_WRITE);
    flushed_bytes_ = size_bytes_;
  }
}

StoredObject LocalObjectWriter::commit() {
  buffer_.flush();
  if (::fdatasync(fd_.get()) != 0) {
    fail(errno);
  }
  const auto name = key_.substr(key_.rfind('/') + 1);
  if (rename_to(name) != 0) {
    if (existing_ == Existing::keep && errno == EEXIST) {
      throw object_exists(key_);
    }
    fail(errno);
  }
  fd_.reset();
  folders_.back().sync();
  for (const auto index : new_below_) {
    folders_[index].sync();
  }
  return {key_, size_bytes_, hash_.hex_digest()};
}

int LocalObjectWriter::rename_to(const std::string& name) const {
  const int folder = folders_.back().fd();
  if (existing_ == Existing::keep) {
    const int done = ::renameat2(folder, temporary_.c_str(), folder, name.c_str(), RENAME_NOREPLACE);
    if (done == 0 || errno != EINVAL) {
      return done;
    }
    // A file system without this, as NFS is: it is enough to have looked.
    if (::faccessat(folder, name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
      errno = EEXIST;
      return -1;
    }
  }
  return ::renameat(folder, temporary_.c_str(), folder, name.c_str());
}

void LocalObjectWriter::fail(int error_number) const {
  throw system_error(error_number, "cannot write the object " + quote(key_));
}

}  // namespace lumi::store
