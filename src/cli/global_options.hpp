#pragma once
#include "cli/options.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

/// The flags that every command takes.
struct GlobalOptions {
  std::optional<std::vector<std::string>> json;  ///< empty: all fields
  bool header = false;
  bool quiet = false;
  int verbose = 0;
  std::string color = "auto";
  std::optional<std::string> home;
  std::optional<std::string> storage;
  bool no_progress = false;
  bool yes = false;
  bool help = false;
};

/// Declares them, under the heading "Global options".
void bind_global_options(OptionSet& set, GlobalOptions& options);

/// Whether `word` is a global flag whose value is the next argument (`--home DIR`, but not `--home=DIR`).
bool global_flag_takes_value(std::string_view word);

}  // namespace lumi::cli
