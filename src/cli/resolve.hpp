#pragma once
#include "cli/registry.hpp"

#include <string>
#include <vector>

namespace lumi::cli {

/// What the words of a command line name.
struct Resolved {
  const RegistryEntry* entry = nullptr;  ///< null: no command, but a noun or nothing at all
  std::string group;                     ///< the words that name a noun, where there is no command
  std::vector<std::string> rest;         ///< all other arguments, in order
};

/// Finds the command that the first words name; global flags may stand before and between them, and `ls` is `list`.
/// Throws Error{usage} with near names for an unknown word.
Resolved resolve_command(const std::vector<std::string>& args);

}  // namespace lumi::cli
