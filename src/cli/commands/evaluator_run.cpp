#include "cli/commands/evaluator_run.hpp"

#include "cli/commands/job_fields.hpp"
#include "cli/context.hpp"
#include "core/services/evaluator.hpp"
#include "core/services/job.hpp"

namespace lumi::cli {

namespace {

/// The id as soon as there is one, so that whoever watches can look the job up.
void announce(Context& context, const std::string& job_id) {
  auto& streams = context.streams();
  if (context.options().json) {
    streams.json_line("log", "{\"job_id\":\"" + job_id + "\"}");
  } else {
    streams.message("job " + job_id);
  }
}

void show_job(Context& context, const std::string& job_id) {
  const auto row = context.jobs().get(job_id);
  show_item(context.streams(), context.view(), grid_of(k_job_fields, std::vector{row}));
}

ExitCode report_job(Context& context, const std::string& job_id, const services::EvaluationAnswer& answer) {
  report_warnings(context, answer.outcome);
  show_job(context, job_id);
  return report_verdict(context, answer.outcome);
}

}  // namespace

ExitCode run_evaluator_job(Context& context,
                           const services::EvaluatorJob& job,
                           const store::DatasetRecord& dataset,
                           const EvaluationOutputs& outputs,
                           ShowAtEnd show) {
  auto owned = context.evaluator().create(job, dataset);
  const auto job_id = owned.row.id;
  announce(context, job_id);
  const auto input = services::dataset_input(dataset, context.objects());
  try {
    std::optional<Progress> progress(std::in_place, context.streams(), "scoring", counted(input.size_bytes));
    const auto answer = context.evaluator().run(std::move(owned), scoring_progress(*progress, input.size_bytes));
    progress.reset();
    write_outputs(outputs, context, job, answer, input);
    if (show == ShowAtEnd::scores) {
      return report_evaluation(context, answer, job, input, outputs);
    }
    return report_job(context, job_id, answer);
  } catch (const Error&) {
    if (show == ShowAtEnd::job) {
      show_job(context, job_id);
    }
    throw;
  }
}

}  // namespace lumi::cli
