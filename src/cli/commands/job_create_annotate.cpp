#include "cli/commands/body_file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/inference_options.hpp"
#include "cli/commands/inference_run.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

ExitCode run(const InferenceOptions& options, Context& context) {
  const auto text = read_body(context, options.body, options.dataset);
  auto body = text ? schemas::parse_annotate_job(text->text, text->name) : schemas::default_annotate_job();
  if (!text && (options.target.model || options.target.base_url)) {
    // The defaults are a model of Hugging Face; whoever names another one means another provider, too.
    body.model = options.target.model ? "" : body.model;
    body.provider = options.target.provider ? body.provider : "";
  }
  return create_inference_job(context, options, inference_job(options, std::move(body), context.settings()));
}

}  // namespace

Command job_create_annotate_command() {
  return command<InferenceOptions>(
      {.path = "job create annotate",
       .summary = "Let a strong model write the ground truth of a dataset",
       .description =
           "Does what POST /jobs/annotate of Lumigator does: asks a model about every row as 'lumi job create "
           "inference' does, and makes a new dataset with the answers as ground_truth, which 'lumi job dataset' shows.",
       .examples =
           {{"by a model of OpenAI",
             "lumi job create annotate --dataset articles.csv --provider openai --model gpt-4o --temperature 0"}},
       .json_fields = inference_json_fields()},
      bind_inference_options,
      run);
}

}  // namespace lumi::cli
