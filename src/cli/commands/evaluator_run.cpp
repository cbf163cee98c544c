#include "cli/commands/evaluator_run.hpp"

#include "cli/commands/job_view.hpp"
#include "cli/context.hpp"
#include "core/services/dataset.hpp"
#include "core/services/evaluator.hpp"
#include "core/services/evaluator_job.hpp"

namespace lumi::cli {

namespace {

ExitCode report_job(Context& context, const std::string& job_id, const services::EvaluationAnswer& answer) {
  report_warnings(context, answer.outcome);
  show_job(context, job_id);
  return report_verdict(context, answer.outcome);
}

ExitCode quiet_verdict(const services::EvaluationAnswer& answer) {
  const auto verdict = evaluation::verdict(answer.outcome);
  return verdict ? exit_code_of(*verdict) : ExitCode::done;
}

}  // namespace

ExitCode
run_evaluator_job(Context& context, services::OwnedJob owned, const EvaluationOutputs& outputs, ShowAtEnd show) {
  const auto job_id = owned.row.id;
  const auto job = services::parse_evaluator_config(owned.row.config_json);
  try {
    const auto dataset = context.datasets().get(owned.row.dataset_id.value_or(""));
    const auto input = services::dataset_input(dataset, context.objects());
    std::optional<Progress> progress(std::in_place, context.streams(), "scoring", counted(input.size_bytes));
    const auto answer = context.evaluator().run(std::move(owned), scoring_progress(*progress, input.size_bytes));
    progress.reset();
    write_outputs(outputs, context, job, answer, input);
    switch (show) {
    case ShowAtEnd::scores:
      return report_evaluation(context, answer, job, input, outputs);
    case ShowAtEnd::job:
      return report_job(context, job_id, answer);
    case ShowAtEnd::nothing:
      break;
    }
    return quiet_verdict(answer);
  } catch (const Error&) {
    if (show == ShowAtEnd::job) {
      show_job(context, job_id);
    }
    throw;
  }
}

}  // namespace lumi::cli
