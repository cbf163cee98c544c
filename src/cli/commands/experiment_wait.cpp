#include "cli/commands/commands.hpp"
#include "cli/commands/experiment_fields.hpp"
#include "cli/commands/job_arguments.hpp"
#include "cli/commands/workflow_view.hpp"
#include "cli/context.hpp"
#include "core/services/experiment.hpp"

namespace lumi::cli {

namespace {

struct ExperimentWaitOptions {
  std::vector<std::string> ids;
  std::optional<std::string> timeout;
};

void bind(OptionSet& set, ExperimentWaitOptions& options) {
  set.positional("ID", options.ids, "Experiments, or the first characters of their ids")
      .required()
      .completes(Completes::experiment);
  set.option("--timeout", "DURATION", options.timeout, "Wait no longer than this, such as 90s or 1h30m");
}

ExitCode run(const ExperimentWaitOptions& options, Context& context) {
  services::Patience patience;
  if (options.timeout) {
    patience.at_most = parse_duration("--timeout", *options.timeout);
  }
  Failures failures(context);
  const auto ids = resolve_ids(
      options.ids, [&](const std::string& id) { return context.experiments().get(id).id; }, failures);
  std::vector<std::string> workflow_ids;
  for (const auto& id : ids) {
    for (const auto& workflow : context.experiments().workflows(id)) {
      workflow_ids.push_back(workflow.id);
    }
  }
  wait_for_workflows(context, workflow_ids, patience, failures);
  std::vector<ExperimentDetails> shown;
  for (const auto& id : ids) {
    shown.push_back(experiment_details(context, context.experiments().get(id)));
  }
  show_listing(context.streams(), context.view(), grid_of(k_experiment_fields, shown), shown.size(), "no experiments");
  failures.throw_if_any();
  return ExitCode::done;
}

}  // namespace

Command experiment_wait_command() {
  return command<ExperimentWaitOptions>(
      {.path = "experiment wait",
       .summary = "Wait until all workflows of experiments have ended",
       .description =
           "Shows the experiments as they are then, and exits as their workflows did: with the most urgent of "
           "their exit codes, with 8 if the time is over before. Ctrl-C ends the waiting, not the work.",
       .examples = {{"at most an hour", "lumi experiment wait 4e1c09a7 --timeout 1h"}},
       .json_fields = names_of(k_experiment_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
