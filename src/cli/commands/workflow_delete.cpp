#include "cli/commands/commands.hpp"
#include "cli/commands/delete_items.hpp"
#include "cli/context.hpp"
#include "core/services/workflow.hpp"
#include "core/services/workflow_control.hpp"
#include "core/services/workflow_removal.hpp"

namespace lumi::cli {

namespace {

struct WorkflowDeleteOptions {
  std::vector<std::string> ids;
  bool force = false;
  DeleteOptions common;
};

void bind(OptionSet& set, WorkflowDeleteOptions& options) {
  set.positional("ID", options.ids, "Workflows, or the first characters of their ids")
      .required()
      .completes(Completes::workflow);
  set.flag("--force", options.force, "Stop a workflow that is not finished, and delete it");
  bind_delete_options(set, options.common);
}

ExitCode run(const WorkflowDeleteOptions& options, Context& context) {
  const auto force = options.force ? services::Force::yes : services::Force::no;
  DeleteActions actions;
  actions.noun = "workflow";
  actions.resolve = [&](const std::string& id) {
    const auto workflow = context.workflows().get(id);
    context.workflow_control().check_removable(workflow, force);
    return DeleteItem{workflow.id, workflow.name};
  };
  actions.remove = [&](const std::string& id) { return context.workflow_removal().remove(id, force); };
  return delete_items(context, options.ids, options.common, actions);
}

}  // namespace

Command workflow_delete_command() {
  return command<WorkflowDeleteOptions>({.path = "workflow delete",
                                         .summary = "Delete workflows with their jobs, results and predictions",
                                         .description = "Asks on a terminal; elsewhere --yes is needed.",
                                         .examples = {{"what would go", "lumi workflow delete 7d20b1f4 --dry-run"},
                                                      {"in a script", "lumi workflow delete 7d20b1f4 --yes"}},
                                         .json_fields = {"deleted"}},
                                        bind,
                                        run);
}

}  // namespace lumi::cli
