#include "cli/commands/body_file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/inference_options.hpp"
#include "cli/commands/inference_run.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

struct JobCreateInferenceOptions {
  InferenceOptions inference;
  std::optional<std::string> output_field;
  bool store_to_dataset = false;
};

void bind(OptionSet& set, JobCreateInferenceOptions& options) {
  bind_inference_options(set, options.inference);
  set.option("--output-field", "NAME", options.output_field, "What the answers are called")
      .shows_default("predictions");
  set.flag("--store-to-dataset", options.store_to_dataset, "Make a dataset of the answers");
}

ExitCode run(const JobCreateInferenceOptions& options, Context& context) {
  const auto text = read_body(context, options.inference.body, options.inference.dataset);
  auto body = text ? schemas::parse_inference_job(text->text, text->name) : schemas::default_inference_job();
  body.output_field = options.output_field.value_or(body.output_field);
  body.store_to_dataset = body.store_to_dataset || options.store_to_dataset;
  return create_inference_job(
      context, options.inference, inference_job(options.inference, std::move(body), context.settings()));
}

}  // namespace

Command job_create_inference_command() {
  return command<JobCreateInferenceOptions>(
      {.path = "job create inference",
       .summary = "Ask a model about every row of a dataset",
       .description =
           "Does what POST /jobs/inference of Lumigator does: sends each row to an OpenAI-compatible endpoint, many at "
           "a time, and keeps every answer as it comes. The job's id is on stderr at once, the whole job on stdout at "
           "the end. What was answered is never asked again: 'lumi job resume' goes on with a job that was stopped, "
           "killed, or ran out of its budget.",
       .examples =
           {{"a server of your own",
             "lumi job create inference --dataset articles.csv --model gemma --base-url http://127.0.0.1:8080/v1"},
            {"what it would take",
             "lumi job create inference --dataset articles.csv --provider openai --model gpt-4o-mini --dry-run"},
            {"with a body of Lumigator", "lumi job create inference -f body.json"}},
       .json_fields = inference_json_fields()},
      bind,
      run);
}

}  // namespace lumi::cli
