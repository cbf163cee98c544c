#include "base/environment.hpp"

#include <cstdlib>
#include <map>

#include <string.h>  // explicit_bzero
#include <unistd.h>

namespace lumi {

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

std::optional<std::string> secret_environment(const char* name) {
  static std::map<std::string, std::string> taken;
  char* value = std::getenv(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (*value != '\0') {
    taken[name] = value;
    // Where it stands: removing the variable would leave the text in memory that others can read.
    ::explicit_bzero(value, ::strlen(value));
  }
  const auto found = taken.find(name);
  return found == taken.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> environment_entries() {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    entries.emplace_back(*entry);
  }
  return entries;
}

}  // namespace lumi
