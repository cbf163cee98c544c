#pragma once
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

class Context;

/// A command line that help and the manual show. The table tests parse every one of them.
struct Example {
  std::string_view purpose;
  std::string_view line;
};

/// The facts of a command, in the order of its help page.
struct CommandSpec {
  std::string_view path;              ///< "dataset list"
  std::string_view summary;           ///< one line, no full stop
  std::string_view description = {};  ///< paragraphs; lines that start with a space are kept as they are
  std::vector<Example> examples = {};
  std::vector<std::string> json_fields = {};  ///< what --json=... may name; empty: the command prints no data
  bool hidden = false;                        ///< works, but help and completion do not show it
};

/// A command: its facts, its options, its work. Made for one run.
class Command {
public:
  CommandSpec spec;

  /// Declares the options.
  std::function<void(OptionSet&)> bind;

  /// Does the work with the options that were parsed into what `bind` gave.
  std::function<ExitCode(Context&)> run;
};

/// Puts a command together from its facts and two functions over its options struct.
template <class Options>
Command command(CommandSpec spec, void (*bind)(OptionSet&, Options&), ExitCode (*run)(const Options&, Context&)) {
  const auto options = std::make_shared<Options>();
  return {std::move(spec),
          [options, bind](OptionSet& set) { bind(set, *options); },
          [options, run](Context& context) { return run(*options, context); }};
}

}  // namespace lumi::cli
