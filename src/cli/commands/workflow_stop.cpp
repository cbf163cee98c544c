#include "cli/commands/commands.hpp"
#include "cli/commands/job_arguments.hpp"
#include "cli/commands/workflow_view.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

struct WorkflowStopOptions {
  std::vector<std::string> ids;
  std::string timeout = "30s";
};

void bind(OptionSet& set, WorkflowStopOptions& options) {
  set.positional("ID", options.ids, "Workflows, or the first characters of their ids")
      .required()
      .completes(Completes::workflow);
  set.option("--timeout", "DURATION", options.timeout, "How long to wait for their end");
}

ExitCode run(const WorkflowStopOptions& options, Context& context) {
  const services::Patience patience{parse_duration("--timeout", options.timeout)};
  Failures failures(context);
  const auto ids = resolve_workflows(context, options.ids, failures);
  stop_workflows(context, ids, patience, failures);
  failures.throw_if_any();
  return ExitCode::done;
}

}  // namespace

Command workflow_stop_command() {
  return command<WorkflowStopOptions>(
      {.path = "workflow stop",
       .summary = "Stop running workflows",
       .description =
           "Asks the process that works on a workflow to end (SIGTERM), and waits until it has written what is "
           "done so far. Its status is failed then, and 'lumi workflow resume' goes on with it.",
       .examples = {{"one", "lumi workflow stop 7d20b1f4"}},
       .json_fields = {"stopped"}},
      bind,
      run);
}

}  // namespace lumi::cli
