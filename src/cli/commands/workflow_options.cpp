#include "cli/commands/workflow_options.hpp"

#include "cli/commands/set_if_given.hpp"
#include "cli/context.hpp"

#include <utility>

namespace lumi::cli {

namespace {

services::EvaluatorJob evaluation_of(const schemas::WorkflowCreate& body,
                                     const WorkflowOptions& options,
                                     Context& context,
                                     const schemas::TaskDefinition& task) {
  services::EvaluatorJob job;
  job.name = body.name + "-evaluation";
  job.description = body.description;
  job.task_definition = task;
  job.llm_as_judge = body.llm_as_judge;
  auto& request = job.request;
  request.metrics = body.metrics;
  request.task = task.task;
  request.columns.predictions = body.inference.output_field;
  request.missing_references = options.missing_references == "skip" ? evaluation::MissingReferences::skip
                                                                    : evaluation::MissingReferences::refuse;
  const auto& settings = context.settings();
  request.threads = static_cast<unsigned>(settings.get_integer("evaluation.threads").value_or(0));
  request.max_memory = settings.get_size("evaluation.max_memory").value_or(request.max_memory);
  return job;
}

}  // namespace

void bind_workflow_options(OptionSet& set, WorkflowOptions& options) {
  set.option("--name", "NAME", options.name, "Its name").shows_default("the model");
  set.option("--description", "TEXT", options.description, "What it is for");
  set.option("--experiment", "ID", options.experiment, "The experiment that it belongs to")
      .synonym("--experiment-id")
      .completes(Completes::experiment);
  set.list("--metric", "METRIC", options.metrics, "A metric, as name or name(option=value); else those of the task")
      .synonym("--metrics")
      .completes(Completes::metric);
  set.option("--missing-references", "HOW", options.missing_references, "What a blank ground truth does")
      .choices({"refuse", "skip"});
  set.option(
         "--sample-seed", "N", options.sample_seed, "Take max_samples rows at random, the same ones for every model")
      .shows_default("the first rows");
  set.option("--inference-output-field", "NAME", options.output_field, "What the answers are called")
      .shows_default("predictions");
  set.option("--job-timeout-sec", "N", options.job_timeout_sec, "Fail if one of the jobs takes longer")
      .shows_default("no limit; 3600 with -f");
  set.option("--batch-size", "N", options.batch_size, "As in Lumigator's body; --concurrency is what counts").hidden();
  bind_model_options(set, options.target, "the task's");
  bind_run_controls(set, options.controls);
}

void apply(const WorkflowOptions& options, schemas::WorkflowCreate& body) {
  set_if_given(body.name, options.name);
  set_if_given(body.description, options.description);
  set_if_given(body.experiment_id, options.experiment);
  set_if_given(body.inference.batch_size, options.batch_size);
  set_if_given(body.inference.output_field, options.output_field);
  body.job_timeout_sec = options.job_timeout_sec ? options.job_timeout_sec : body.job_timeout_sec;
  if (!options.metrics.empty()) {
    body.metrics = options.metrics;
  }
  apply(options.target, body.inference);
}

services::Workflow workflow_of(const schemas::WorkflowCreate& body,
                               const WorkflowOptions& options,
                               Context& context,
                               const schemas::ExperimentConfig& experiment,
                               const store::DatasetRecord& dataset) {
  auto inference = body.inference;
  inference.name = body.name + "-inference";
  inference.description = body.description;
  inference.dataset = dataset.id;
  inference.max_samples = experiment.max_samples;
  inference.task_definition = experiment.task_definition;
  if (inference.system_prompt.value_or("").empty()) {
    inference.system_prompt = services::default_system_prompt(experiment.task_definition);
  }
  services::Workflow workflow;
  workflow.name = body.name;
  workflow.description = body.description;
  workflow.job_timeout_sec = body.job_timeout_sec;
  workflow.evaluation = evaluation_of(body, options, context, experiment.task_definition);
  workflow.inference = asking_job(options.target, options.controls, std::move(inference), context.settings());
  workflow.inference.sample_seed = options.sample_seed;
  workflow.inference.answers_dataset = services::AnswersDataset{
      services::predictions_filename(dataset.filename, body.inference.model), dataset.generated};
  return workflow;
}

}  // namespace lumi::cli
