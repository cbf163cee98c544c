#pragma once
#include "cli/options.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

/// Reads `args` (without program and command words) into the targets of `options`. Throws Error{usage} that names the
/// flag, with the nearest known one for a typing error; `command` is the command's path for the hint.
void parse_arguments(const OptionSet& options, std::string_view command, const std::vector<std::string>& args);

}  // namespace lumi::cli
