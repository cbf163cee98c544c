#pragma once
#include "cli/command.hpp"

#include <string>

namespace lumi::cli {

/// A manual page: its file name ("lumi-dataset-list.1") and text (roff, man macros).
struct ManPage {
  std::string file;
  std::string text;
};

/// The page of a command.
ManPage man_page(const Command& command);

/// The page lumi.1: commands, global options, exit codes, environment, files.
ManPage man_page_of_program();

}  // namespace lumi::cli
