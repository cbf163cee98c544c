#include "store/files/folder.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace lumi::store {

namespace {

constexpr int k_open_folder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

/// Whether `error_number` says that there is no such folder, or that something else has its name.
bool is_absence(int error_number) { return error_number == ENOENT || error_number == ENOTDIR || error_number == ELOOP; }

/// The whole path of `name` in the folder `parent`, for messages.
std::string path_in(int parent, const std::string& name) {
  std::error_code unknown;
  const auto folder = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(parent), unknown);
  return unknown ? name : (folder / name).string();
}

UniqueFd open_folder(int parent, const char* name, int flags) {
  UniqueFd fd(::openat(parent, name, flags));
  if (!fd.is_open() && !is_absence(errno)) {
    const int error_number = errno;
    throw system_error(error_number, "cannot open the folder " + quote(path_in(parent, name)));
  }
  return fd;
}

}  // namespace

Folder Folder::open(const std::string& path) { return Folder(open_folder(AT_FDCWD, path.c_str(), k_open_folder)); }

Folder Folder::find(const std::string& name) const {
  return Folder(open_folder(fd(), name.c_str(), k_open_folder | O_NOFOLLOW));
}

Folder Folder::make(const std::string& name, bool& is_new) const {
  is_new = ::mkdirat(fd(), name.c_str(), 0700) == 0;
  if (!is_new && errno != EEXIST && errno != ENOENT) {
    const int error_number = errno;
    throw system_error(error_number, "cannot make the folder " + quote(path_in(fd(), name)));
  }
  Folder folder = find(name);
  struct stat info {};
  if (!folder.is_open() && ::fstatat(fd(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(info.st_mode)) {
    throw Error(
        ErrorCode::storage, quote(name) + " in the object store is not a folder", "look into it with 'lumi doctor'");
  }
  return folder;
}

std::optional<struct stat> Folder::look_at(const std::string& name) const {
  struct stat info {};
  if (::fstatat(fd(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
    return info;
  }
  if (!is_absence(errno)) {
    throw system_error(errno, "cannot read " + quote(name));
  }
  return std::nullopt;
}

std::vector<std::string> Folder::list() const {
  const int copy = ::openat(fd(), ".", k_open_folder);
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(copy < 0 ? nullptr : ::fdopendir(copy), ::closedir);
  if (!folder) {
    throw system_error(errno, "cannot list a folder of the object store");
  }
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(folder.get())) {
    std::string name(entry->d_name);
    if (name == "." || name == "..") {
      continue;
    }
    bool is_folder = entry->d_type == DT_DIR;
    if (entry->d_type == DT_UNKNOWN) {
      const auto info = look_at(name);
      is_folder = info && S_ISDIR(info->st_mode);
    }
    names.push_back(is_folder ? name + '/' : name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Folder::sync() const {
  if (::fsync(fd()) != 0) {
    throw system_error(errno, "cannot sync a folder of the object store");
  }
}

}  // namespace lumi::store
