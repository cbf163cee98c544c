#pragma once
#include "cli/commands/failures.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

class Context;

/// The full ids that `ids` name by what `resolve` says, each once; what names none is added to `failures`.
std::vector<std::string> resolve_ids(const std::vector<std::string>& ids,
                                     const std::function<std::string(const std::string&)>& resolve,
                                     Failures& failures);

/// The full ids of the jobs that `ids` name, each once; what names none is added to `failures`.
std::vector<std::string> resolve_jobs(Context& context, const std::vector<std::string>& ids, Failures& failures);

/// A duration such as "90s" or "1h30m". Throws `usage` naming `flag`.
std::chrono::milliseconds parse_duration(std::string_view flag, const std::string& text);

}  // namespace lumi::cli
