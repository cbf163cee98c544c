#include "cli/commands/workflow_steps.hpp"

#include "base/text.hpp"
#include "cli/commands/detach.hpp"
#include "cli/commands/inference_run.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/commands/workflow_view.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"
#include "core/services/workflow_run.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace lumi::cli {

namespace {

/// Shows one step after the other: a bar that counts samples.
class Steps {
public:
  explicit Steps(Context& context) : context_(context) {}

  services::WorkflowObserver observer() {
    services::WorkflowObserver observer;
    observer.on_job = [this](const store::JobRecord& job) { begin(job); };
    observer.on_asked = [this](const inference::Progress& now) { asked_(now); };
    observer.on_scored = [this](const evaluation::Progress& now) { bar_->update(now.rows, 0, {}); };
    return observer;
  }

  void end() { bar_.reset(); }

private:
  void begin(const store::JobRecord& job) {
    bar_.reset();
    announce_job(context_, job.id);
    bar_.emplace(context_.streams(), job.type == "evaluator" ? "scoring" : "asking", Counts::rows);
    asked_ = asking_progress(*bar_);
  }

  Context& context_;
  std::optional<Progress> bar_;
  inference::ProgressCallback asked_;
};

ExitCode report(Context& context, const services::WorkflowAnswer& answer) {
  auto& streams = context.streams();
  for (const auto& warning : answer.warnings) {
    streams.warning(warning);
  }
  show_workflow(context, answer.id);
  if (!answer.verdict) {
    return ExitCode::done;
  }
  streams.flush();
  streams.error(Error(*answer.verdict,
                      "workflow " + quote(answer.id) +
                          " succeeded, but: " + std::string(meaning_of(exit_code_of(*answer.verdict))),
                      "'lumi workflow resume " + answer.id + " --retry error,refused' asks about them again"));
  return exit_code_of(*answer.verdict);
}

}  // namespace

ExitCode run_workflow(Context& context,
                      services::OwnedWorkflow workflow,
                      const services::ResumeOptions& options,
                      ShowAtEnd show) {
  const auto id = workflow.row.id;
  try {
    Steps steps(context);
    const auto answer = context.workflow_run().run(std::move(workflow), options, steps.observer());
    steps.end();
    if (show == ShowAtEnd::nothing) {
      return answer.verdict ? exit_code_of(*answer.verdict) : ExitCode::done;
    }
    return report(context, answer);
  } catch (const Error&) {
    if (show != ShowAtEnd::nothing) {
      show_workflow(context, id);
    }
    throw;
  }
}

ExitCode detach_workflow(Context& context, services::OwnedWorkflow workflow, const services::ResumeOptions& options) {
  const auto row = workflow.row;
  detach(context, row.id, workflow.lock, [&] {
    return run_workflow(context, std::move(workflow), options, ShowAtEnd::nothing);
  });
  show_workflow_response(context, row);
  return ExitCode::done;
}

}  // namespace lumi::cli
