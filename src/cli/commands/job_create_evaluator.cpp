#include "base/error.hpp"
#include "cli/commands/body_file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/evaluation_options.hpp"
#include "cli/commands/evaluator_run.hpp"
#include "cli/commands/job_fields.hpp"
#include "cli/commands/job_types.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/context.hpp"
#include "core/schemas/job.hpp"
#include "core/services/evaluator.hpp"

namespace lumi::cli {

namespace {

struct JobCreateEvaluatorOptions {
  std::optional<std::string> body;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> dataset;
  std::optional<std::string> source_language;
  std::optional<std::string> target_language;
  EvaluationOptions evaluation;
  EvaluationOutputs outputs;
  std::optional<std::string> input_format;
  bool detach = false;
};

void bind(OptionSet& set, JobCreateEvaluatorOptions& options) {
  set.option("-f,--file", "BODY.json", options.body, "Lumigator's request body; - for stdin. Flags override it")
      .completes(Completes::file);
  set.option("--name", "NAME", options.name, "The name of the job").shows_default("evaluate FILENAME");
  set.option("--description", "TEXT", options.description, "What it is for");
  set.option("--dataset", "DATASET", options.dataset, "A file (- for stdin), or the id of a dataset")
      .completes(Completes::dataset_or_file);
  bind_evaluation_options(set, options.evaluation);
  set.option("--source-language", "LANGUAGE", options.source_language, "Of a translation");
  set.option("--target-language", "LANGUAGE", options.target_language, "Of a translation");
  bind_input_format(set, options.input_format);
  bind_evaluation_outputs(set, options.outputs);
  bind_detach(set, options.detach);
}

schemas::EvaluatorJobCreate body_of(const JobCreateEvaluatorOptions& options, Context& context) {
  schemas::EvaluatorJobCreate body;
  if (const auto text = read_body(context, options.body, options.dataset)) {
    body = schemas::parse_evaluator_job(text->text, text->name);
  }
  body.name = options.name.value_or(body.name);
  body.description = options.description.value_or(body.description);
  body.dataset = options.dataset.value_or(body.dataset);
  body.task_definition.task = options.evaluation.task.value_or(body.task_definition.task);
  for (const auto& [flag, field] : {std::pair(&options.source_language, &body.task_definition.source_language),
                                    std::pair(&options.target_language, &body.task_definition.target_language)}) {
    *field = *flag ? *flag : *field;
  }
  if (body.dataset.empty()) {
    throw missing_field(options.body, "--dataset", "/dataset");
  }
  return body;
}

ExitCode run(const JobCreateEvaluatorOptions& options, Context& context) {
  const auto body = body_of(options, context);
  auto job = services::to_evaluator_job(body);
  apply(options.evaluation, context, job.request);
  job.request.task = job.task_definition.task;
  schemas::check_evaluator_job(body);
  check_outputs(options.outputs, body.dataset, context);
  if (options.detach && (options.outputs.results || options.outputs.per_sample)) {
    throw Error(ErrorCode::usage,
                "a job in the background writes no files",
                "'lumi job download' and 'lumi job samples' have them once it has ended");
  }
  const auto dataset = evaluated_dataset(context, body.dataset, options.input_format, job.request);
  auto owned = context.evaluator().create(job, dataset);
  announce_job(context, owned.row.id);
  if (options.detach) {
    return run_in_background(context, std::move(owned), {});
  }
  return run_evaluator_job(context, std::move(owned), options.outputs, ShowAtEnd::job);
}

}  // namespace

Command job_create_evaluator_command() {
  return command<JobCreateEvaluatorOptions>(
      {.path = "job create evaluator",
       .summary = "Score a dataset of predictions as a job",
       .description =
           "Does what POST /jobs/evaluator of Lumigator does. The job's id is on stderr at once, the whole job on "
           "stdout at the end. With --detach the job is shown at once and runs on in the background, also when the "
           "terminal is closed.",
       .examples = {{"with a body of Lumigator", "lumi job create evaluator -f body.json"},
                    {"with flags", "lumi job create evaluator --name mine --dataset predictions.csv --metric rouge"},
                    {"in the background", "lumi job create evaluator --dataset predictions.csv --detach --json=id"}},
       .json_fields = names_of(k_job_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
