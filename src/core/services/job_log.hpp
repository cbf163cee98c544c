#pragma once
#include "base/clock.hpp"
#include "base/file.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::services {

/// The log that `lumi job logs` shows: lines that start with the time, appended to a file at once.
class JobLog {
public:
  /// Opens the log in `folder`, which must be there.
  JobLog(const std::filesystem::path& folder, const Clock& clock);

  /// Where the log in a job's folder is.
  static std::filesystem::path path_in(const std::filesystem::path& folder) { return folder / "job.log"; }

  /// The file of the log in `folder`, made if there is none, for appending. Throws system_error.
  static UniqueFd open(const std::filesystem::path& folder);

  /// Appends a line; a log that cannot be written is not worth a job, so nothing is thrown.
  void line(std::string_view text);

private:
  UniqueFd fd_;
  const Clock& clock_;
};

/// Reads a log while it is being written.
class JobLogReader {
public:
  explicit JobLogReader(std::filesystem::path path) : path_(std::move(path)) {}

  /// The lines that have been completed since the last call.
  std::vector<std::string> read_lines();

  /// What was written after the last whole line, once nothing more comes.
  const std::string& rest() const { return rest_; }

private:
  std::filesystem::path path_;
  UniqueFd fd_;
  std::string rest_;
};

}  // namespace lumi::services
