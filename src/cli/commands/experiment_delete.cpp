#include "cli/commands/commands.hpp"
#include "cli/commands/delete_items.hpp"
#include "cli/context.hpp"
#include "core/services/experiment.hpp"

namespace lumi::cli {

namespace {

struct ExperimentDeleteOptions {
  std::vector<std::string> ids;
  bool force = false;
  DeleteOptions common;
};

void bind(OptionSet& set, ExperimentDeleteOptions& options) {
  set.positional("ID", options.ids, "Experiments, or the first characters of their ids")
      .required()
      .completes(Completes::experiment);
  set.flag("--force", options.force, "Stop workflows that are not finished, and delete them");
  bind_delete_options(set, options.common);
}

ExitCode run(const ExperimentDeleteOptions& options, Context& context) {
  const auto force = options.force ? services::Force::yes : services::Force::no;
  DeleteActions actions;
  actions.noun = "experiment";
  actions.resolve = [&](const std::string& id) {
    const auto experiment = context.experiments().get(id);
    context.experiments().check_removable(experiment.id, force);
    return DeleteItem{experiment.id, experiment.name};
  };
  actions.remove = [&](const std::string& id) { return context.experiments().remove(id, force); };
  return delete_items(context, options.ids, options.common, actions);
}

}  // namespace

Command experiment_delete_command() {
  return command<ExperimentDeleteOptions>(
      {.path = "experiment delete",
       .summary = "Delete experiments with their workflows, jobs and results",
       .description =
           "Asks on a terminal; elsewhere --yes is needed. Predictions go, too; the dataset stays, and so does "
           "the name: it is not given to another experiment.",
       .examples = {{"what would go", "lumi experiment delete 4e1c09a7 --dry-run"},
                    {"in a script", "lumi experiment delete 4e1c09a7 --yes"}},
       .json_fields = {"deleted"}},
      bind,
      run);
}

}  // namespace lumi::cli
