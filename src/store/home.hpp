#pragma once
#include <filesystem>
#include <string>

namespace lumi::store {

/// The folder that LUMI_HOME names and where things are in it. Looking at one creates nothing.
class Home {
public:
  explicit Home(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path database_path() const { return path_ / "lumi.db"; }
  std::filesystem::path objects_folder() const { return path_ / "objects"; }
  std::filesystem::path jobs_folder() const { return path_ / "jobs"; }
  std::filesystem::path job_folder(const std::string& id) const { return jobs_folder() / id; }

  /// Makes the folder and its missing parents, mode 0700. An existing folder is left as it is.
  void create() const;

private:
  std::filesystem::path path_;
};

}  // namespace lumi::store
