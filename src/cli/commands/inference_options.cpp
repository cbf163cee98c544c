#include "cli/commands/inference_options.hpp"

#include "base/error.hpp"
#include "cli/commands/body_file.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/job_types.hpp"
#include "cli/commands/set_if_given.hpp"

#include <utility>

namespace lumi::cli {

namespace {

void apply_flags(const InferenceOptions& options, schemas::InferenceJobCreate& body) {
  set_if_given(body.name, options.name);
  set_if_given(body.description, options.description);
  set_if_given(body.dataset, options.dataset);
  set_if_given(body.task_definition.task, options.task);
  set_if_given(body.task_definition.source_language, options.source_language);
  set_if_given(body.task_definition.target_language, options.target_language);
  set_if_given(body.max_samples, options.max_samples);
  set_if_given(body.batch_size, options.batch_size);
  apply(options.target, body);
}

}  // namespace

void bind_inference_options(OptionSet& set, InferenceOptions& options) {
  set.option("-f,--file", "BODY.json", options.body, "Lumigator's request body; - for stdin. Flags override it")
      .completes(Completes::file);
  set.option("--name", "NAME", options.name, "The name of the job");
  set.option("--description", "TEXT", options.description, "What it is for");
  set.option("--dataset", "DATASET", options.dataset, "A file (- for stdin), or the id of a dataset")
      .completes(Completes::dataset_or_file);
  bind_input_format(set, options.input_format);
  set.option("--max-samples", "N", options.max_samples, "Ask about N rows only").shows_default("all");
  set.option("--sample-seed", "N", options.sample_seed, "Take those at random, the same ones for every model")
      .shows_default("the first rows");
  set.option("--task", "TASK", options.task, "What the model does")
      .choices({"summarization", "translation", "text-generation"});
  set.option("--source-language", "LANGUAGE", options.source_language, "Of a translation");
  set.option("--target-language", "LANGUAGE", options.target_language, "Of a translation");
  set.option("--batch-size", "N", options.batch_size, "As in Lumigator's body; --concurrency is what counts").hidden();
  set.flag("--dry-run", options.dry_run, "Only say what the job would take: rows, tokens, cost; send nothing");
  bind_detach(set, options.detach);
  bind_model_options(set, options.target, "none is sent");
  bind_run_controls(set, options.controls);
}

services::InferenceJob
inference_job(const InferenceOptions& options, schemas::InferenceJobCreate body, const config::Settings& settings) {
  apply_flags(options, body);
  if (body.dataset.empty()) {
    throw missing_field(options.body, "--dataset", "/dataset");
  }
  if (body.model.empty()) {
    throw missing_field(options.body, "--model", "/job_config/model");
  }
  if (body.provider.empty()) {
    throw missing_field(options.body, "--provider", "/job_config/provider");
  }
  auto job = asking_job(options.target, options.controls, std::move(body), settings);
  job.sample_seed = options.sample_seed;
  return job;
}

}  // namespace lumi::cli
