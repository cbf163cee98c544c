#include "store/job_lock.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lumi::store {

namespace {

std::filesystem::path lock_path(const Home& home, const std::string& job_id) {
  return home.job_folder(job_id) / "lock";
}

/// A lock on the whole file that belongs to the open file: it ends with the last process that has it open, and others
/// can ask about it without taking it.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

/// Takes the lock if it is free; throws if that cannot be known.
bool try_lock(const UniqueFd& fd, const std::filesystem::path& path) {
  struct flock lock = whole_file();
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) == 0) {
    return true;
  }
  if (errno == EAGAIN || errno == EACCES) {
    return false;
  }
  throw system_error(errno, "cannot lock " + quote(path.string()));
}

/// Whether `fd` still is the file at `path`: the folder of a job may be removed and made again.
bool is_at(const UniqueFd& fd, const std::filesystem::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd.get(), &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

/// "pid start-time boot since host": the lock itself is what counts, this is for finding the process and for messages.
void write_owner(const UniqueFd& fd, const Clock& clock) {
  const auto me = this_process();
  const auto text = std::to_string(me.pid) + ' ' + std::to_string(me.start_time) + ' ' + me.boot_id + ' ' +
                    std::to_string(clock.now().microseconds) + ' ' + me.host + '\n';
  if (::ftruncate(fd.get(), 0) == 0) {
    [[maybe_unused]] const auto written = ::pwrite(fd.get(), text.data(), text.size(), 0);
  }
}

}  // namespace

std::optional<JobLock> JobLock::try_acquire(const Home& home, const std::string& job_id, const Clock& clock) {
  const auto path = lock_path(home, job_id);
  for (;;) {
    make_private_folder(path.parent_path());
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd.is_open()) {
      if (errno == ENOENT) {
        continue;
      }
      throw system_error(errno, "cannot write " + quote(path.string()));
    }
    if (!try_lock(fd, path)) {
      return std::nullopt;
    }
    if (is_at(fd, path)) {
      write_owner(fd, clock);
      return JobLock(std::move(fd));
    }
  }
}

bool JobLock::is_held(const Home& home, const std::string& job_id) {
  const auto path = lock_path(home, job_id);
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.is_open()) {
    if (errno == ENOENT) {
      return false;
    }
    throw system_error(errno, "cannot read " + quote(path.string()));
  }
  struct flock lock = whole_file();
  if (::fcntl(fd.get(), F_OFD_GETLK, &lock) != 0) {
    throw system_error(errno, "cannot look at the lock of " + quote(path.string()));
  }
  return lock.l_type != F_UNLCK;
}

std::optional<JobOwner> JobLock::find_owner(const Home& home, const std::string& job_id) {
  std::string text;
  try {
    text = read_file(lock_path(home, job_id));
  } catch (const Error&) {
    return std::nullopt;
  }
  const auto parts = split(trim(text), ' ');
  if (parts.size() != 5) {
    return std::nullopt;
  }
  const auto pid = parse_integer(parts[0]);
  const auto start_time = parse_integer(parts[1]);
  const auto since = parse_integer(parts[3]);
  if (!pid || !start_time || !since) {
    return std::nullopt;
  }
  return JobOwner{{*pid, static_cast<std::uint64_t>(*start_time), std::string(parts[2]), std::string(parts[4])},
                  Timestamp{*since}};
}

bool JobLock::is_in_place() const {
  struct stat opened {};
  return ::fstat(fd_.get(), &opened) == 0 && opened.st_nlink > 0;
}

void JobLock::adopt(const Clock& clock) const { write_owner(fd_, clock); }

}  // namespace lumi::store
