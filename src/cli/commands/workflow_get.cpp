#include "cli/commands/commands.hpp"
#include "cli/commands/workflow_fields.hpp"
#include "cli/commands/workflow_view.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

struct WorkflowGetOptions {
  std::string id;
};

void bind(OptionSet& set, WorkflowGetOptions& options) {
  set.positional("ID", options.id, "The workflow, or the first characters of its id").completes(Completes::workflow);
}

ExitCode run(const WorkflowGetOptions& options, Context& context) {
  show_workflow(context, options.id);
  return ExitCode::done;
}

}  // namespace

Command workflow_get_command() {
  return command<WorkflowGetOptions>({.path = "workflow get",
                                      .summary = "Show a workflow, its jobs and its metrics",
                                      .examples = {{"its metrics", "lumi workflow get 7d20b1f4 --json=metrics"}},
                                      .json_fields = names_of(k_workflow_fields)},
                                     bind,
                                     run);
}

}  // namespace lumi::cli
