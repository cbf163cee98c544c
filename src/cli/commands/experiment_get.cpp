#include "cli/commands/commands.hpp"
#include "cli/commands/experiment_fields.hpp"
#include "cli/context.hpp"
#include "core/services/experiment.hpp"

namespace lumi::cli {

namespace {

struct ExperimentGetOptions {
  std::string id;
};

void bind(OptionSet& set, ExperimentGetOptions& options) {
  set.positional("ID", options.id, "The experiment, or the first characters of its id")
      .completes(Completes::experiment);
}

ExitCode run(const ExperimentGetOptions& options, Context& context) {
  const std::vector shown{experiment_details(context, context.experiments().get(options.id))};
  show_item(context.streams(), context.view(), grid_of(k_experiment_fields, shown));
  return ExitCode::done;
}

}  // namespace

Command experiment_get_command() {
  return command<ExperimentGetOptions>(
      {.path = "experiment get",
       .summary = "Show an experiment and its workflows",
       .examples = {{"what each model came to", "lumi experiment get 4e1c09a7 --json=workflows"}},
       .json_fields = names_of(k_experiment_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
