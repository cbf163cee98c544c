#include "cli/commands/commands.hpp"
#include "cli/commands/inference_run.hpp"
#include "cli/commands/job_types.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/commands/run_controls.hpp"
#include "cli/commands/workflow_fields.hpp"
#include "cli/commands/workflow_steps.hpp"
#include "cli/commands/workflow_view.hpp"
#include "cli/context.hpp"
#include "core/services/dataset.hpp"
#include "core/services/experiment.hpp"
#include "core/services/lumigator_jobs.hpp"
#include "core/services/workflow.hpp"
#include "core/services/workflow_run.hpp"

namespace lumi::cli {

namespace {

struct WorkflowResumeOptions {
  std::string id;
  std::vector<std::string> retry;
  RunControlOptions controls;
  bool detach = false;
};

void bind(OptionSet& set, WorkflowResumeOptions& options) {
  set.positional("ID", options.id, "The workflow, or the first characters of its id").completes(Completes::workflow);
  set.list("--retry", "STATUS", options.retry, "Also ask again about the samples with this status")
      .choices({"error", "refused", "truncated", "empty"});
  bind_detach(set, options.detach);
  bind_run_controls(set, options.controls);
}

// The configuration with other run controls, where any are given.
std::string config_with(Context& context, const store::WorkflowRecord& row, const RunControlOptions& controls) {
  if (controls == RunControlOptions{}) {
    return row.config_json;
  }
  auto workflow = services::parse_workflow_config(row.config_json);
  apply(controls, workflow.inference.controls);
  const auto experiment = context.experiments().get(row.experiment_id);
  return services::workflow_config_json(workflow, context.datasets().get(experiment.dataset_id));
}

ExitCode run(const WorkflowResumeOptions& options, Context& context) {
  auto workflow = context.workflows().get(options.id);
  if (!services::is_finished(workflow)) {
    throw context.workflow_control().ownership_of(workflow.id).in_use();
  }
  for (const auto& job : context.workflows().details(workflow).jobs) {
    services::check_is_own(job);
  }
  const auto resume = resume_options(options.retry);
  workflow.config_json = config_with(context, workflow, options.controls);
  if (!context.workflow_run().has_work(workflow, resume)) {
    context.streams().message("nothing to do: workflow " + workflow.id + " has " + workflow.status);
    show_workflow(context, workflow.id);
    return ExitCode::done;
  }
  auto owned = context.workflow_control().resume(workflow);
  announce(context, "workflow", owned.row.id);
  return options.detach ? detach_workflow(context, std::move(owned), resume)
                        : run_workflow(context, std::move(owned), resume, ShowAtEnd::job);
}

}  // namespace

Command workflow_resume_command() {
  return command<WorkflowResumeOptions>(
      {.path = "workflow resume",
       .summary = "Go on with a workflow that failed or was stopped",
       .description =
           "Takes the workflow up as its next attempt, at the step that it had come to. Samples that were "
           "finished are not sent again, unless --retry names their status; where the answers have changed, "
           "they are scored anew. Run controls are those of the last attempt but for the flags that are given.",
       .examples = {{"after a crash", "lumi workflow resume 7d20b1f4"},
                    {"samples in error once more", "lumi workflow resume 7d20b1f4 --retry error,refused"}},
       .json_fields = names_of(k_workflow_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
