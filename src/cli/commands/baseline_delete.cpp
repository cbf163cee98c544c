#include "cli/commands/commands.hpp"
#include "cli/commands/delete_items.hpp"
#include "cli/context.hpp"
#include "core/services/baseline.hpp"

namespace lumi::cli {

namespace {

struct BaselineDeleteOptions {
  std::vector<std::string> names;
  DeleteOptions common;
};

void bind(OptionSet& set, BaselineDeleteOptions& options) {
  set.positional("NAME", options.names, "Baselines").required();
  bind_delete_options(set, options.common);
}

ExitCode run(const BaselineDeleteOptions& options, Context& context) {
  DeleteActions actions;
  actions.noun = "baseline";
  actions.resolve = [&](const std::string& name) {
    const auto baseline = context.baselines().get(name);
    return DeleteItem{baseline.name, baseline.job_id};
  };
  actions.remove = [&](const std::string& name) {
    context.baselines().remove(name);
    return std::vector<std::string>();
  };
  return delete_items(context, options.names, options.common, actions);
}

}  // namespace

Command baseline_delete_command() {
  return command<BaselineDeleteOptions>(
      {.path = "baseline delete",
       .summary = "Forget the names of evaluations",
       .description = "The evaluations stay. Asks on a terminal; elsewhere --yes is needed.",
       .examples = {{"in a script", "lumi baseline delete main --yes"}},
       .json_fields = {"deleted"}},
      bind,
      run);
}

}  // namespace lumi::cli
