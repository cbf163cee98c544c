#pragma once
#include "cli/commands/evaluator_run.hpp"
#include "cli/exit_code.hpp"
#include "core/services/inference.hpp"
#include "core/services/workflow_control.hpp"

namespace lumi::cli {

class Context;

/// Runs the workflow in the foreground with progress, shows it, and returns the exit code of the work. Throws what
/// ended it, once the row says so.
ExitCode run_workflow(Context& context,
                      services::OwnedWorkflow workflow,
                      const services::ResumeOptions& options,
                      ShowAtEnd show);

/// Hands the workflow to a process of its own that outlives the terminal, and shows it as Lumigator's WorkflowResponse.
ExitCode detach_workflow(Context& context, services::OwnedWorkflow workflow, const services::ResumeOptions& options);

}  // namespace lumi::cli
