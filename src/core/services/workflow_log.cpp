#include "core/services/workflow_log.hpp"

#include <iterator>

namespace lumi::services {

std::vector<std::string> WorkflowLogReader::read_lines(const std::vector<std::string>& job_ids) {
  std::vector<std::string> lines;
  for (const auto& id : job_ids) {
    auto& log = logs_.try_emplace(id, JobLog::path_in(home_.job_folder(id))).first->second;
    auto added = log.read_lines();
    if (added.empty()) {
      continue;
    }
    if (!last_.empty() && last_ != id) {
      lines.insert(lines.end(), {"", k_log_separator});
    }
    last_ = id;
    lines.insert(lines.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
  }
  return lines;
}

}  // namespace lumi::services
