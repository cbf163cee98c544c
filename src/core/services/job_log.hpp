#pragma once
#include "base/clock.hpp"
#include "base/file.hpp"

#include <filesystem>
#include <string_view>

namespace lumi::services {

/// The log that `lumi job logs` shows: lines that start with the time, appended to a file at once.
class JobLog {
public:
  /// Opens the log in `folder`, which must be there.
  JobLog(const std::filesystem::path& folder, const Clock& clock);

  /// Where the log in a job's folder is.
  static std::filesystem::path path_in(const std::filesystem::path& folder) { return folder / "job.log"; }

  /// Appends a line; a log that cannot be written is not worth a job, so nothing is thrown.
  void line(std::string_view text);

private:
  UniqueFd fd_;
  const Clock& clock_;
};

}  // namespace lumi::services
