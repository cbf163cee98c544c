#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/docs/dump.hpp"

namespace lumi::cli {

namespace {

struct DumpCliOptions {};

void bind(OptionSet& /*set*/, DumpCliOptions& /*options*/) {}

ExitCode run(const DumpCliOptions& /*options*/, Context& context) {
  context.streams().out().write(dump_commands());
  return ExitCode::done;
}

}  // namespace

Command dump_cli_command() {
  return command<DumpCliOptions>({.path = "__dump-cli",
                                  .summary = "Print the command tree as JSON",
                                  .examples = {{"every path", "lumi __dump-cli | jq '.commands[].path'"}},
                                  .hidden = true},
                                 bind,
                                 run);
}

}  // namespace lumi::cli
