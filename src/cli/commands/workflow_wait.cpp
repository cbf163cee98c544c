#include "cli/commands/commands.hpp"
#include "cli/commands/job_arguments.hpp"
#include "cli/commands/workflow_fields.hpp"
#include "cli/commands/workflow_view.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

struct WorkflowWaitOptions {
  std::vector<std::string> ids;
  std::optional<std::string> timeout;
};

void bind(OptionSet& set, WorkflowWaitOptions& options) {
  set.positional("ID", options.ids, "Workflows, or the first characters of their ids")
      .required()
      .completes(Completes::workflow);
  set.option("--timeout", "DURATION", options.timeout, "Wait no longer than this, such as 90s or 1h30m");
}

ExitCode run(const WorkflowWaitOptions& options, Context& context) {
  services::Patience patience;
  if (options.timeout) {
    patience.at_most = parse_duration("--timeout", *options.timeout);
  }
  Failures failures(context);
  const auto ids = resolve_workflows(context, options.ids, failures);
  const auto workflows = wait_for_workflows(context, ids, patience, failures);
  show_workflows(context, workflows, workflows.size());
  failures.throw_if_any();
  return ExitCode::done;
}

}  // namespace

Command workflow_wait_command() {
  return command<WorkflowWaitOptions>(
      {.path = "workflow wait",
       .summary = "Wait until workflows have ended",
       .description =
           "Shows the workflows as they are then, and exits as the workflow did: with its exit code, with 1 for "
           "one that was stopped, with 8 if the time is over before. Of several the most urgent code counts. "
           "Ctrl-C ends the waiting, not the work.",
       .examples = {{"then go on", "lumi workflow wait 7d20b1f4 && lumi workflow download 7d20b1f4"},
                    {"at most an hour", "lumi workflow wait 7d20b1f4 --timeout 1h"}},
       .json_fields = names_of(k_workflow_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
