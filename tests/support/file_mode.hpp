#pragma once
#include <filesystem>
#include <stdexcept>

#include <sys/stat.h>

namespace lumi::test {

/// Who may do what with a file or folder: its permission bits, like 0600.
inline unsigned mode_of(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    throw std::runtime_error("no " + path.string());
  }
  return info.st_mode & 0777U;
}

}  // namespace lumi::test
