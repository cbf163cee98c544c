#include "cli/commands/commands.hpp"
#include "cli/commands/job_arguments.hpp"
#include "cli/commands/workflow_view.hpp"
#include "cli/context.hpp"
#include "core/services/experiment.hpp"

namespace lumi::cli {

namespace {

struct ExperimentStopOptions {
  std::vector<std::string> ids;
  std::string timeout = "30s";
};

void bind(OptionSet& set, ExperimentStopOptions& options) {
  set.positional("ID", options.ids, "Experiments, or the first characters of their ids")
      .required()
      .completes(Completes::experiment);
  set.option("--timeout", "DURATION", options.timeout, "How long to wait for their end");
}

ExitCode run(const ExperimentStopOptions& options, Context& context) {
  const services::Patience patience{parse_duration("--timeout", options.timeout)};
  Failures failures(context);
  std::vector<std::string> workflow_ids;
  for (const auto& id : options.ids) {
    failures.guard([&] {
      for (const auto& workflow : context.experiments().workflows(context.experiments().get(id).id)) {
        workflow_ids.push_back(workflow.id);
      }
    });
  }
  stop_workflows(context, workflow_ids, patience, failures);
  failures.throw_if_any();
  return ExitCode::done;
}

}  // namespace

Command experiment_stop_command() {
  return command<ExperimentStopOptions>(
      {.path = "experiment stop",
       .summary = "Stop the running workflows of experiments",
       .description = "Asks every process that works on one of their workflows to end, and waits until it has. "
                      "'lumi workflow resume' goes on with a workflow.",
       .examples = {{"all of it", "lumi experiment stop 4e1c09a7"}},
       .json_fields = {"stopped"}},
      bind,
      run);
}

}  // namespace lumi::cli
