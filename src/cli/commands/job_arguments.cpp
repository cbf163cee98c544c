#include "cli/commands/job_arguments.hpp"

#include "base/text.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"

#include <algorithm>

namespace lumi::cli {

std::vector<std::string> resolve_ids(const std::vector<std::string>& ids,
                                     const std::function<std::string(const std::string&)>& resolve,
                                     Failures& failures) {
  std::vector<std::string> full_ids;
  for (const auto& id : ids) {
    failures.guard([&] {
      const auto full_id = resolve(id);
      if (std::find(full_ids.begin(), full_ids.end(), full_id) == full_ids.end()) {
        full_ids.push_back(full_id);
      }
    });
  }
  return full_ids;
}

std::vector<std::string> resolve_jobs(Context& context, const std::vector<std::string>& ids, Failures& failures) {
  return resolve_ids(
      ids, [&](const std::string& id) { return context.jobs().get(id).id; }, failures);
}

std::chrono::milliseconds parse_duration(std::string_view flag, const std::string& text) {
  const auto duration = parse_duration_ms(text);
  if (!duration) {
    throw Error(ErrorCode::usage, std::string(flag) + " needs a duration, not " + quote(text), "such as 90s or 1h30m");
  }
  return std::chrono::milliseconds(*duration);
}

}  // namespace lumi::cli
