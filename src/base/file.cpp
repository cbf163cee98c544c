#include "base/file.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"

#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lumi {

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  reset(other.release());
  return *this;
}

UniqueFd::~UniqueFd() { reset(); }

int UniqueFd::release() {
  const int fd = fd_;
  fd_ = -1;
  return fd;
}

void UniqueFd::reset(int fd) {
  if (fd_ >= 0) {
    ::close(fd_);
  }
  fd_ = fd;
}

// --- FileSource ---

FileSource::FileSource(const std::filesystem::path& path) : name_(path.string()) {
  fd_.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd_.is_open()) {
    throw system_error(errno, "cannot open " + quote(name_));
  }
  struct stat info {};
  if (::fstat(fd_.get(), &info) == 0 && S_ISDIR(info.st_mode)) {
    throw Error(ErrorCode::invalid_input, quote(name_) + " is a directory", "name a file in it");
  }
}

FileSource::FileSource(UniqueFd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

std::size_t FileSource::read(char* buffer, std::size_t capacity) {
  for (;;) {
    const auto count = ::read(fd_.get(), buffer, capacity);
    if (count >= 0) {
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR) {
      throw system_error(errno, "cannot read " + quote(name_));
    }
  }
}

std::uint64_t FileSource::size() const {
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return 0;
  }
  return static_cast<std::uint64_t>(info.st_size);
}

// --- AtomicFile ---

AtomicFile::AtomicFile(std::filesystem::path path, Overwrite overwrite, Durable durable)
    : path_(std::move(path)), overwrite_(overwrite), durable_(durable) {
  const auto folder = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
  temporary_ = folder / (".lumi-" + RandomIds().uuid() + ".part");
  fd_.reset(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd_.is_open()) {
    throw system_error(errno, "cannot write " + quote(path_.string()));
  }
}

AtomicFile::~AtomicFile() {
  if (fd_.is_open()) {
    ::unlink(temporary_.c_str());
  }
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(fd_.get(), bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw system_error(errno, "cannot write " + quote(path_.string()));
    }
  }
}

void AtomicFile::commit() {
  if (durable_ == Durable::yes && ::fdatasync(fd_.get()) != 0) {
    throw system_error(errno, "cannot write " + quote(path_.string()));
  }
  const unsigned int flags = overwrite_ == Overwrite::no ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
    if (errno == EEXIST) {
      throw Error(
          ErrorCode::conflict, quote(path_.string()) + " exists", "choose another name, or give --force to replace it");
    }
    throw system_error(errno, "cannot write " + quote(path_.string()));
  }
  if (durable_ == Durable::yes) {
    sync_folder(path_.has_parent_path() ? path_.parent_path() : std::filesystem::path("."));
  }
  fd_.reset();
}

// --- folders and whole files ---

void make_private_folder(const std::filesystem::path& folder) {
  if (folder.empty() || ::mkdir(folder.c_str(), 0700) == 0) {
    return;
  }
  if (errno == ENOENT && folder.has_parent_path() && folder.parent_path() != folder) {
    make_private_folder(folder.parent_path());
    if (::mkdir(folder.c_str(), 0700) == 0) {
      return;
    }
  }
  const int error_number = errno;
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    throw system_error(error_number, "cannot make the folder " + quote(folder.string()));
  }
}

void make_durable_folder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> parents;
  std::error_code ignored;
  for (auto at = std::filesystem::absolute(folder); !std::filesystem::exists(at, ignored) && at != at.parent_path();
       at = at.parent_path()) {
    parents.push_back(at.parent_path());
  }
  make_private_folder(folder);
  for (const auto& parent : parents) {
    const UniqueFd fd(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.is_open()) {
      ::fsync(fd.get());
    }
  }
}

void sync_folder(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open() || ::fsync(fd.get()) != 0) {
    throw system_error(errno, "cannot sync the folder " + quote(folder.string()));
  }
}

std::string read_file(const std::filesystem::path& path) {
  FileSource source(path);
  return read_all(source);
}

void write_file(const std::filesystem::path& path, std::string_view text, Overwrite overwrite, Durable durable) {
  AtomicFile file(path, overwrite, durable);
  file.write(text);
  file.commit();
}

// --- MappedFile ---

MappedFile::MappedFile(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (!fd.is_open() || ::fstat(fd.get(), &info) != 0) {
    throw system_error(errno, "cannot open " + quote(path.string()));
  }
  size_ = static_cast<std::size_t>(info.st_size);
  if (size_ == 0) {
    return;
  }
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (address == MAP_FAILED) {
    throw system_error(errno, "cannot map " + quote(path.string()));
  }
  data_ = static_cast<const char*>(address);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) {
    ::munmap(const_cast<char*>(data_), size_);
  }
}

}  // namespace lumi
