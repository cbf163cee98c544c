#pragma once
#include "cli/command.hpp"

#include <span>
#include <string_view>

namespace lumi::cli {

/// A command that can be made when it is needed.
struct RegistryEntry {
  std::string_view path;     ///< as in its spec
  std::string_view summary;  ///< as in its spec: what `lumi help` lists without making every command
  Command (*make)();
};

/// Every command, in the order of help. Table tests hold the entries against the specs.
std::span<const RegistryEntry> all_commands();

/// A noun that stands before verbs, such as "dataset".
struct GroupEntry {
  std::string_view path;
  std::string_view summary;
};

/// Every noun, in the order of help.
std::span<const GroupEntry> all_groups();

}  // namespace lumi::cli
