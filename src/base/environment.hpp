#pragma once
#include <optional>
#include <string>

namespace lumi {

/// The value of an environment variable; nothing if it is unset or empty.
std::optional<std::string> environment(const char* name);

}  // namespace lumi
