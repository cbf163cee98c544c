#pragma once
#include <optional>
#include <string>
#include <vector>

namespace lumi {

/// The value of an environment variable; nothing if it is unset or empty.
std::optional<std::string> environment(const char* name);

/// Every environment variable as NAME=VALUE.
std::vector<std::string> environment_entries();

}  // namespace lumi
