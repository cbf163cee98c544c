#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/evaluation_fields.hpp"
#include "cli/commands/evaluation_options.hpp"
#include "cli/commands/evaluation_report.hpp"
#include "cli/commands/evaluator_run.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/context.hpp"
#include "core/services/dataset.hpp"
#include "core/services/evaluator.hpp"

namespace lumi::cli {

namespace {

struct EvaluateOptions {
  std::string dataset;
  EvaluationOptions evaluation;
  EvaluationOutputs outputs;
  std::optional<std::string> input_format;
  std::optional<std::string> name;
  bool no_save = false;
};

void bind(OptionSet& set, EvaluateOptions& options) {
  set.positional("DATASET", options.dataset, "A file (- for stdin), or the id of a dataset")
      .completes(Completes::dataset_or_file);
  bind_evaluation_options(set, options.evaluation);
  bind_input_format(set, options.input_format);
  bind_evaluation_outputs(set, options.outputs);
  set.option("--name", "NAME", options.name, "The name of the job").shows_default("evaluate FILENAME");
  set.flag("--no-save", options.no_save, "Score only: store neither dataset nor job");
}

ExitCode evaluate_unsaved(const EvaluateOptions& options, Context& context, const services::EvaluatorJob& job) {
  const auto plan = evaluation::make_plan(job.request, context.metric_resources());
  const auto input = is_file_argument(options.dataset)
                         ? file_argument_input(context, options.dataset, options.input_format)
                         : services::dataset_input(context.datasets().get(options.dataset), context.objects());
  std::optional<Progress> progress(std::in_place, context.streams(), "scoring", counted(input.size_bytes));
  const services::EvaluationAnswer answer{
      {}, {}, evaluation::evaluate(input, job.request, plan, scoring_progress(*progress, input.size_bytes))};
  progress.reset();
  write_outputs(options.outputs, context, job, answer, input);
  return report_evaluation(context, answer, job, input, options.outputs);
}

ExitCode run(const EvaluateOptions& options, Context& context) {
  services::EvaluatorJob job;
  job.name = options.name.value_or("");
  apply(options.evaluation, context, job.request);
  job.task_definition.task = job.request.task;
  check_outputs(options.outputs, options.dataset, context);
  if (options.no_save) {
    return evaluate_unsaved(options, context, job);
  }
  const auto dataset = evaluated_dataset(context, options.dataset, options.input_format, job.request);
  auto owned = context.evaluator().create(job, dataset);
  announce_job(context, owned.row.id);
  return run_evaluator_job(context, std::move(owned), options.outputs, ShowAtEnd::scores);
}

}  // namespace

Command evaluate_command() {
  return command<EvaluateOptions>(
      {.path = "evaluate",
       .summary = "Score a file of predictions",
       .description = "Reads a file with the columns predictions and ground_truth, scores every row with the metrics "
                      "asked for, and "
                      "keeps file, scores and settings as a dataset and a job (unless --no-save).\n\n"
                      "In a pipe it prints one line per score: its name, its mean, and how many rows have it.",
       .examples = {{"with the metrics of summarization", "lumi evaluate predictions.csv"},
                    {"chosen metrics", "lumi evaluate predictions.csv --metric 'rouge,bleu(smooth=true)'"},
                    {"columns of other names",
                     "lumi evaluate out.jsonl --predictions-field answer --reference-field expected"},
                    {"a gate in a CI job",
                     "lumi evaluate predictions.csv --metric rouge --require 'rougeL >= 0.30' --no-save"},
                    {"a file with every row's scores", "lumi evaluate predictions.csv --per-sample scores.jsonl"}},
       .json_fields = names_of(k_evaluation_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
