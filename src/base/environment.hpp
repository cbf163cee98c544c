#pragma once
#include <optional>
#include <string>
#include <vector>

namespace lumi {

/// The value of an environment variable; nothing if it is unset or empty.
std::optional<std::string> environment(const char* name);

/// The same for a variable that holds a secret: its value is taken out of the environment by the first call, so that it
/// is neither in /proc/PID/environ nor handed to another program, and kept for later calls.
std::optional<std::string> secret_environment(const char* name);

/// Every environment variable as NAME=VALUE.
std::vector<std::string> environment_entries();

}  // namespace lumi
