#pragma once
#include "base/file.hpp"
#include "base/ids.hpp"

#include <filesystem>
#include <system_error>

namespace lumi::services {

/// A folder for files in the making, removed with everything in it when it goes. `gc` knows its name.
class WorkFolder {
public:
  /// Makes the folder in `parent`. Throws as make_private_folder.
  WorkFolder(const std::filesystem::path& parent, IdSource& ids) : path_(parent / (".lumi-" + ids.uuid() + ".part")) {
    make_private_folder(path_);
  }
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

}  // namespace lumi::services
