#include "base/file.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"

#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lumi {

namespace {

/// Runs the system call again after a signal, unless the signal asks the process to stop.
template <class Call>
auto retry_interrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) {
    throw_if_interrupted();
    result = call();
  }
  return result;
}

Error directory_error(const std::filesystem::path& path) {
  return {ErrorCode::invalid_input, quote(path.string()) + " is a directory", "name a file in it"};
}

/// Opens `path`, and tells what it is. Throws system_error; `invalid_input` for a directory.
UniqueFd open_for_reading(const std::filesystem::path& path, struct stat& info) {
  UniqueFd fd(retry_interrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY); }));
  if (!fd.is_open() || ::fstat(fd.get(), &info) != 0) {
    throw system_error(errno, "cannot open " + quote(path.string()));
  }
  if (S_ISDIR(info.st_mode)) {
    throw directory_error(path);
  }
  return fd;
}

/// Whether there is something at `path` that must be written to rather than replaced.
bool is_written_through(const std::filesystem::path& path) {
  const std::string name = path.lexically_normal().string();
  const bool is_memory = name.starts_with("/dev/shm/");  // a file system like any other
  if ((name.starts_with("/dev/") && !is_memory) || name.starts_with("/proc/")) {
    return true;
  }
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

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
  struct stat info {};
  fd_ = open_for_reading(path, info);
}

FileSource::FileSource(UniqueFd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

std::size_t FileSource::read(char* buffer, std::size_t capacity) {
  const auto count = retry_interrupted([&] { return ::read(fd_.get(), buffer, capacity); });
  if (count < 0) {
    throw system_error(errno, "cannot read " + quote(name_));
  }
  return static_cast<std::size_t>(count);
}

std::uint64_t FileSource::size() const {
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return 0;
  }
  return static_cast<std::uint64_t>(info.st_size);
}

// --- AtomicFile ---

AtomicFile::AtomicFile(std::filesystem::path path, Overwrite overwrite, Durable durable, Readers readers)
    : path_(std::move(path)), overwrite_(overwrite), durable_(durable) {
  if (is_written_through(path_)) {
    fd_.reset(retry_interrupted([&] { return ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY); }));
  } else {
    temporary_ = folder_of(path_) / (".lumi-" + RandomIds().uuid() + ".part");
    const mode_t mode = readers == Readers::owner ? 0600 : 0666;
    fd_.reset(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  }
  if (!fd_.is_open()) {
    throw system_error(errno, "cannot write " + quote(path_.string()));
  }
}

AtomicFile::~AtomicFile() {
  if (fd_.is_open() && !temporary_.empty()) {
    ::unlink(temporary_.c_str());
  }
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = retry_interrupted([&] { return ::write(fd_.get(), bytes.data(), bytes.size()); });
    if (count < 0) {
      throw system_error(errno, "cannot write " + quote(path_.string()));
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void AtomicFile::commit() {
  if (!temporary_.empty()) {
    if (durable_ == Durable::yes && ::fdatasync(fd_.get()) != 0) {
      throw system_error(errno, "cannot write " + quote(path_.string()));
    }
    rename_into_place();
    if (durable_ == Durable::yes) {
      sync_folder(folder_of(path_));
    }
  }
  fd_.reset();
}

void AtomicFile::rename_into_place() {
  const unsigned int flags = overwrite_ == Overwrite::no ? RENAME_NOREPLACE : 0;
  int failed = ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), flags);
  if (failed != 0 && errno == EINVAL && overwrite_ == Overwrite::no) {
    // Some network file systems know no RENAME_NOREPLACE; a second name does not replace anything either.
    failed = ::link(temporary_.c_str(), path_.c_str());
    if (failed == 0) {
      ::unlink(temporary_.c_str());
    }
  }
  if (failed == 0) {
    return;
  }
  const int error_number = errno;
  std::error_code ignored;
  if (std::filesystem::is_directory(path_, ignored)) {
    throw directory_error(path_);
  }
  if (error_number == EEXIST) {
    throw Error(
        ErrorCode::conflict, quote(path_.string()) + " exists", "choose another name, or give --force to replace it");
  }
  throw system_error(error_number, "cannot write " + quote(path_.string()));
}

// --- folders and whole files ---

namespace {

/// Makes `folder`, and what is missing above it; returns the errno, 0 if it was made.
int try_make_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) {
    return 0;
  }
  if (errno == ENOENT && folder.has_parent_path() && folder.parent_path() != folder) {
    make_private_folder(folder.parent_path());
    return ::mkdir(folder.c_str(), 0700) == 0 ? 0 : errno;
  }
  return errno;
}

}  // namespace

void make_private_folder(const std::filesystem::path& folder) {
  int error_number = folder.empty() ? 0 : try_make_folder(folder);
  std::error_code ignored;
  // What existed a moment ago may be gone already: another process deletes the job that the folder belongs to.
  auto there = std::filesystem::symlink_status(folder, ignored);
  while (error_number == EEXIST && there.type() == std::filesystem::file_type::not_found) {
    error_number = try_make_folder(folder);
    there = std::filesystem::symlink_status(folder, ignored);
  }
  if (error_number == 0 || is_directory(there) ||
      (is_symlink(there) && std::filesystem::is_directory(folder, ignored))) {
    return;
  }
  if (error_number == EEXIST) {
    throw Error(ErrorCode::conflict, quote(folder.string()) + " exists and is not a folder");
  }
  if (error_number == ENOTDIR) {
    throw Error(ErrorCode::permission,
                "cannot make the folder " + quote(folder.string()) + ": what should hold it is a file");
  }
  throw system_error(error_number, "cannot make the folder " + quote(folder.string()));
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
  // Some file systems have nothing to sync for a folder, and say EINVAL.
  if (!fd.is_open() || (::fsync(fd.get()) != 0 && errno != EINVAL)) {
    throw system_error(errno, "cannot sync the folder " + quote(folder.string()));
  }
}

std::string read_file(const std::filesystem::path& path) {
  FileSource source(path);
  return read_all(source);
}

void write_file(
    const std::filesystem::path& path, std::string_view text, Overwrite overwrite, Durable durable, Readers readers) {
  AtomicFile file(path, overwrite, durable, readers);
  file.write(text);
  file.commit();
}

// --- MappedFile ---

MappedFile::MappedFile(const std::filesystem::path& path) {
  // Opening a FIFO would wait for a writer.
  std::error_code ignored;
  if (std::filesystem::is_other(path, ignored)) {
    throw Error(ErrorCode::invalid_input, quote(path.string()) + " is not a regular file");
  }
  struct stat info {};
  const UniqueFd fd = open_for_reading(path, info);
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

void MappedFile::forget(std::size_t begin, std::size_t end) const {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto from = (begin + page - 1) / page * page;
  const auto to = std::min(end, size_) / page * page;
  if (from < to) {
    ::madvise(const_cast<char*>(data_) + from, to - from, MADV_DONTNEED);
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) {
    ::munmap(const_cast<char*>(data_), size_);
  }
}

}  // namespace lumi
