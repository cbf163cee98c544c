#include "cli/registry.hpp"

#include "cli/commands/commands.hpp"

#include <array>

namespace lumi::cli {

namespace {

constexpr std::array<RegistryEntry, 9> k_commands{{
    {"config list", "List every setting, its value and where it comes from", config_list_command},
    {"config get", "Print the value of a setting", config_get_command},
    {"config set", "Write a setting into the configuration file", config_set_command},
    {"completion", "Print the completion script of a shell", completion_command},
    {"help", "Show help for a command or a topic", help_command},
    {"version", "Show the version of lumi", version_command},
    {"__complete", "Answer what a shell's completion asks", complete_command},
    {"__dump-cli", "Print the command tree as JSON", dump_cli_command},
    {"__generate", "Make the manual pages or docs/json-output.md", generate_command},
}};

constexpr std::array<GroupEntry, 3> k_groups{{
    {"dataset", "Keep and inspect datasets"},
    {"job", "Run jobs and look at them"},
    {"config", "Read and write settings"},
}};

}  // namespace

std::span<const RegistryEntry> all_commands() { return k_commands; }

std::span<const GroupEntry> all_groups() { return k_groups; }

}  // namespace lumi::cli
