#pragma once
#include "cli/command.hpp"

namespace lumi::cli {

// One function per command, each in commands/<noun>_<verb>.cpp; registry.cpp lists them.
Command health_command();
Command config_list_command();
Command config_get_command();
Command config_set_command();
Command completion_command();
Command help_command();
Command version_command();
Command complete_command();
Command dump_cli_command();
Command generate_command();

}  // namespace lumi::cli
