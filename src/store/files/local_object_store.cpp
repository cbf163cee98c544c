#include "store/files/local_object_store.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "store/files/local_object_writer.hpp"
#include "store/files/object_key.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace lumi::store {

namespace {

/// Creating gives up after so many folders were removed under its feet by others that emptied them.
constexpr int k_most_attempts = 1000;

std::vector<std::string> parts_of(const std::string& key) {
  std::vector<std::string> parts;
  for (const auto part : split(key, '/')) {
    parts.emplace_back(part);
  }
  return parts;
}

/// The folders on the way to `parts.back()`, from the store's own on; ends early where one is missing.
std::vector<Folder> find_folders(const std::string& root, const std::vector<std::string>& parts) {
  std::vector<Folder> folders;
  folders.push_back(Folder::open(root));
  for (std::size_t i = 0; i + 1 < parts.size() && folders.back().is_open(); ++i) {
    folders.push_back(folders.back().find(parts[i]));
  }
  return folders;
}

/// Like find_folders, but makes what is missing; `new_below` gets the indexes of those in which a folder was made.
std::vector<Folder>
make_folders(const std::string& root, const std::vector<std::string>& parts, std::vector<std::size_t>& new_below) {
  std::vector<Folder> folders;
  folders.push_back(Folder::open(root));
  for (std::size_t i = 0; i + 1 < parts.size() && folders.back().is_open(); ++i) {
    bool is_new = false;
    folders.push_back(folders.back().make(parts[i], is_new));
    if (is_new) {
      new_below.push_back(i);
    }
  }
  return folders;
}

ObjectInfo info_of(std::string key, const struct stat& info) {
  const auto microseconds = std::int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1000;
  return {std::move(key), static_cast<std::uint64_t>(info.st_size), {microseconds}};
}

/// Removes what is empty below `folder`.
void prune(const Folder& folder) {
  for (const auto& name : folder.list()) {
    if (!name.ends_with('/')) {
      continue;
    }
    const auto inner_name = name.substr(0, name.size() - 1);
    if (const auto inner = folder.find(inner_name); inner.is_open()) {
      prune(inner);
      ::unlinkat(folder.fd(), inner_name.c_str(), AT_REMOVEDIR);  // fails where something is in it
    }
  }
}

}  // namespace

/// Where a key is: the folders on the way (the last may not be open) and the name in the last.
struct LocalObjectStore::Place {
  std::vector<std::string> parts;
  std::vector<Folder> folders;

  const Folder& folder() const { return folders.back(); }
  const std::string& name() const { return parts.back(); }
};

LocalObjectStore::LocalObjectStore(const std::filesystem::path& folder, std::string url)
    : folder_(std::filesystem::absolute(folder).lexically_normal()), url_(std::move(url)) {}

LocalObjectStore::Place LocalObjectStore::find_place(const std::string& key) const {
  check_object_key(key);
  Place place;
  place.parts = parts_of(key);
  place.folders = find_folders(folder_.string(), place.parts);
  return place;
}

std::unique_ptr<ObjectWriter> LocalObjectStore::create(const std::string& key, const Writing& how) {
  check_object_key(key);
  const auto parts = parts_of(key);
  if (is_temporary_name(parts.back())) {
    throw Error(ErrorCode::invalid_input, quote(key) + " cannot be an object key: it names a temporary file");
  }
  for (int attempt = 0; attempt < k_most_attempts; ++attempt) {
    std::vector<std::size_t> new_below;
    auto folders = make_folders(folder_.string(), parts, new_below);
    if (folders.size() == 1 && !folders.front().is_open()) {
      make_durable_folder(folder_);
    }
    if (!folders.back().is_open()) {
      continue;
    }
    auto writer = std::make_unique<LocalObjectWriter>(key, std::move(folders), std::move(new_below), how.existing);
    if (writer->start()) {
      return writer;
    }
  }
  throw Error(ErrorCode::conflict, "cannot write the object " + quote(key) + ": its folder is removed again and again");
}

std::unique_ptr<ByteSource> LocalObjectStore::open(const std::string& key, std::uint64_t offset) {
  const auto place = find_place(key);
  if (!place.folder().is_open()) {
    throw object_not_found(key, url_);
  }
  // O_NONBLOCK: something else than a file must not make the program wait.
  UniqueFd fd(::openat(place.folder().fd(), place.name().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd.is_open()) {
    if (errno == ENOENT || errno == ELOOP || errno == ENXIO) {
      throw object_not_found(key, url_);
    }
    throw system_error(errno, "cannot read the object " + quote(key));
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    throw object_not_found(key, url_);
  }
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  if (offset > 0 && ::lseek(fd.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    throw system_error(errno, "cannot read the object " + quote(key));
  }
  return std::make_unique<FileSource>(std::move(fd), key);
}

std::optional<ObjectInfo> LocalObjectStore::find(const std::string& key) {
  const auto place = find_place(key);
  if (!place.folder().is_open()) {
    return std::nullopt;
  }
  const auto info = place.folder().look_at(place.name());
  if (!info || !S_ISREG(info->st_mode)) {
    return std::nullopt;
  }
  return info_of(key, *info);
}

void LocalObjectStore::list(const std::string& prefix, const std::function<void(const ObjectInfo&)>& visit) {
  if (const auto root = Folder::open(folder_.string()); root.is_open()) {
    walk(root, "", prefix, Show::objects, visit);
  }
}

void LocalObjectStore::walk(const Folder& folder,
                            const std::string& path,
                            const std::string& prefix,
                            Show show,
                            const std::function<void(const ObjectInfo&)>& visit) const {
  for (const auto& name : folder.list()) {
    const auto key = path + name;
    if (name.ends_with('/')) {
      if (key.starts_with(prefix) || prefix.starts_with(key)) {
        if (const auto inner = folder.find(name.substr(0, name.size() - 1)); inner.is_open()) {
          walk(inner, key, prefix, show, visit);
        }
      }
      continue;
    }
    const bool is_shown = is_temporary_name(name) == (show == Show::temporary);
    if (!is_shown || !key.starts_with(prefix)) {
      continue;
    }
    if (const auto info = folder.look_at(name); info && S_ISREG(info->st_mode)) {
      visit(info_of(key, *info));
    }
  }
}

bool LocalObjectStore::remove(const std::string& key) {
  const auto place = find_place(key);
  if (!place.folder().is_open()) {
    return false;
  }
  if (::unlinkat(place.folder().fd(), place.name().c_str(), 0) != 0) {
    if (errno == ENOENT || errno == EISDIR) {
      return false;
    }
    throw system_error(errno, "cannot remove the object " + quote(key));
  }
  std::size_t last = place.folders.size() - 1;
  while (last > 0 && ::unlinkat(place.folders[last - 1].fd(), place.parts[last - 1].c_str(), AT_REMOVEDIR) == 0) {
    --last;
  }
  place.folders[last].sync();
  return true;
}

std::string LocalObjectStore::download_url(const std::string& key, std::int64_t /*expires_s*/) {
  check_object_key(key);
  return "file://" + percent_encode((folder_ / key).string(), "/");
}

void LocalObjectStore::list_stale(const std::function<void(const ObjectInfo&)>& visit) {
  const auto root = Folder::open(folder_.string());
  if (!root.is_open()) {
    return;
  }
  walk(root, "", "", Show::temporary, [&](const ObjectInfo& info) {
    const auto place = find_place(info.key);
    const UniqueFd fd(place.folder().is_open()
                          ? ::openat(place.folder().fd(), place.name().c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC)
                          : -1);
    if (fd.is_open() && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) {
      visit(info);
    }
  });
}

bool LocalObjectStore::remove_stale(const std::string& path) {
  const auto place = find_place(path);
  if (!is_temporary_name(place.name()) || !place.folder().is_open()) {
    return false;
  }
  const UniqueFd fd(::openat(place.folder().fd(), place.name().c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  return fd.is_open() && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 && remove(path);
}

void LocalObjectStore::remove_empty_folders() {
  if (const auto root = Folder::open(folder_.string()); root.is_open()) {
    prune(root);
  }
}

}  // namespace lumi::store
