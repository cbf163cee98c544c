#include "base/version.hpp"

#include "cli/commands/commands.hpp"
#include "cli/context.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct VersionAnswer {
  std::string version{k_version};
  std::string compiler = __VERSION__;
};

constexpr std::array<Field<VersionAnswer>, 2> k_version_fields{{
    {"version", "Version", Show::column, [](const VersionAnswer& answer) { return Value(answer.version); }},
    {"compiler", "Compiler", Show::detail, [](const VersionAnswer& answer) { return Value(answer.compiler); }},
}};

struct VersionOptions {};

void bind(OptionSet& /*set*/, VersionOptions& /*options*/) {}

ExitCode run(const VersionOptions& /*options*/, Context& context) {
  show_item(context.streams(), context.view(), grid_of(k_version_fields, std::vector<VersionAnswer>(1)));
  return ExitCode::done;
}

}  // namespace

Command version_command() {
  return command<VersionOptions>({.path = "version",
                                  .summary = "Show the version of lumi",
                                  .examples = {{"the version alone", "lumi version --json=version"}},
                                  .json_fields = names_of(k_version_fields)},
                                 bind,
                                 run);
}

}  // namespace lumi::cli
