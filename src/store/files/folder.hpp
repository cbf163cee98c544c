#pragma once
#include "base/file.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

namespace lumi::store {

/// An open folder. Everything below it is reached name by name without following symbolic links, so nothing outside
/// can be.
class Folder {
public:
  Folder() = default;
  explicit Folder(UniqueFd fd) : fd_(std::move(fd)) {}

  /// The folder itself, which may be named through symbolic links; not open if there is none.
  static Folder open(const std::string& path);

  bool is_open() const { return fd_.is_open(); }
  int fd() const { return fd_.get(); }

  /// The folder `name` in this one; not open if there is none, or something else has the name.
  Folder find(const std::string& name) const;

  /// The folder `name` in this one, made (0700) if there is none; `is_new` is set if it was made. Not open if it went
  /// away meanwhile.
  Folder make(const std::string& name, bool& is_new) const;

  /// What is known of `name`, or nothing.
  std::optional<struct stat> look_at(const std::string& name) const;

  /// The names in the folder, sorted as the keys of objects are: a folder has `/` at its end. Neither files nor
  /// folders are left out.
  std::vector<std::string> list() const;

  /// Flushes the names in it to the disk.
  void sync() const;

private:
  UniqueFd fd_;
};

}  // namespace lumi::store
