#pragma once
#include "core/services/job_log.hpp"
#include "store/home.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lumi::services {

/// What stands between the logs of a workflow's jobs.
inline constexpr const char* k_log_separator = "================";

/// Reads the logs of a workflow's jobs while they are being written.
class WorkflowLogReader {
public:
  explicit WorkflowLogReader(store::Home home) : home_(std::move(home)) {}

  /// The lines that have been completed since the last call, job by job in this order; an empty line and the separator
  /// wherever those of another job begin.
  std::vector<std::string> read_lines(const std::vector<std::string>& job_ids);

private:
  store::Home home_;
  std::map<std::string, JobLogReader> logs_;
  std::string last_;  ///< the job whose lines were read last
};

}  // namespace lumi::services
