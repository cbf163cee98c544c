#include "cli/commands/commands.hpp"
#include "cli/commands/page_options.hpp"
#include "cli/commands/workflow_fields.hpp"
#include "cli/commands/workflow_view.hpp"
#include "cli/context.hpp"
#include "core/services/experiment.hpp"
#include "core/services/workflow.hpp"

namespace lumi::cli {

namespace {

struct WorkflowListOptions {
  std::optional<std::string> experiment;
  std::optional<std::string> status;
  PageOptions page;
};

void bind(OptionSet& set, WorkflowListOptions& options) {
  set.option("--experiment", "ID", options.experiment, "Only those of this experiment")
      .completes(Completes::experiment);
  set.option("--status", "STATUS", options.status, "Only those with this status")
      .choices({"created", "running", "succeeded", "failed"});
  bind_page_options(set, options.page);
}

ExitCode run(const WorkflowListOptions& options, Context& context) {
  store::WorkflowFilter filter;
  filter.experiment_id = options.experiment ? context.experiments().get(*options.experiment).id : "";
  filter.status = options.status.value_or("");
  const auto page = context.workflows().list(filter, options.page.page());
  show_workflows(context, page.items, page.total);
  return ExitCode::done;
}

}  // namespace

Command workflow_list_command() {
  return command<WorkflowListOptions>(
      {.path = "workflow list",
       .summary = "List workflows, newest first",
       .examples = {{"those of an experiment", "lumi workflow list --experiment 4e1c09a7"},
                    {"those that failed", "lumi workflow list --status failed --json=id,lumi"}},
       .json_fields = names_of(k_workflow_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
