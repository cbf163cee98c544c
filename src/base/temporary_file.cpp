#include "base/temporary_file.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace lumi {

namespace {

std::string temporary_folder() { return environment("TMPDIR").value_or("/tmp"); }

// Not every file system knows O_TMPFILE.
UniqueFd open_and_unlink(const std::string& folder) {
  std::string pattern = folder + "/.lumi-XXXXXX";
  UniqueFd fd(::mkostemp(pattern.data(), O_CLOEXEC));
  if (fd.is_open()) {
    ::unlink(pattern.c_str());
  }
  return fd;
}

}  // namespace

TemporaryFile::TemporaryFile() {
  const auto folder = temporary_folder();
  fd_.reset(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
  if (!fd_.is_open()) {
    fd_ = open_and_unlink(folder);
  }
  if (!fd_.is_open()) {
    throw system_error(errno, "cannot make a temporary file in " + quote(folder));
  }
}

void TemporaryFile::write_at(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
      size_ = std::max(size_, offset);
    } else if (errno != EINTR) {
      throw system_error(errno, "cannot write a temporary file in " + quote(temporary_folder()));
    }
  }
}

std::size_t TemporaryFile::read_at(std::uint64_t offset, char* buffer, std::size_t capacity) const {
  for (;;) {
    const auto count = ::pread(fd_.get(), buffer, capacity, static_cast<off_t>(offset));
    if (count >= 0) {
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR) {
      throw system_error(errno, "cannot read a temporary file in " + quote(temporary_folder()));
    }
  }
}

std::size_t TemporaryFileSource::read(char* buffer, std::size_t capacity) {
  const auto count = file_->read_at(offset_, buffer, capacity);
  offset_ += count;
  return count;
}

}  // namespace lumi
