#include "base/error.hpp"
#include "cli/commands/body_file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/experiment_fields.hpp"
#include "cli/commands/set_if_given.hpp"
#include "cli/context.hpp"
#include "core/services/dataset.hpp"
#include "core/services/experiment.hpp"

namespace lumi::cli {

namespace {

struct ExperimentCreateOptions {
  std::optional<std::string> body;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> dataset;
  std::optional<std::string> input_format;
  std::optional<std::string> task;
  std::optional<std::string> source_language;
  std::optional<std::string> target_language;
  std::optional<std::int64_t> max_samples;
};

void bind(OptionSet& set, ExperimentCreateOptions& options) {
  set.option("-f,--file", "BODY.json", options.body, "Lumigator's request body; - for stdin. Flags override it")
      .completes(Completes::file);
  set.option("--name", "NAME", options.name, "Its name; one that is taken gets the time behind it");
  set.option("--description", "TEXT", options.description, "What it is for");
  set.option("--dataset", "DATASET", options.dataset, "A file (- for stdin), or the id of a dataset")
      .completes(Completes::dataset_or_file);
  bind_input_format(set, options.input_format);
  set.option("--task", "TASK", options.task, "What the models are to do")
      .choices({"summarization", "translation", "text-generation"})
      .shows_default("summarization");
  set.option("--source-language", "LANGUAGE", options.source_language, "Of a translation");
  set.option("--target-language", "LANGUAGE", options.target_language, "Of a translation");
  set.option("--max-samples", "N", options.max_samples, "Ask about the first N rows only").shows_default("all");
}

schemas::ExperimentCreate body_of(const ExperimentCreateOptions& options, Context& context) {
  schemas::ExperimentCreate body;
  if (const auto text = read_body(context, options.body, options.dataset)) {
    body = schemas::parse_experiment(text->text, text->name);
  }
  set_if_given(body.name, options.name);
  set_if_given(body.description, options.description);
  set_if_given(body.dataset, options.dataset);
  set_if_given(body.max_samples, options.max_samples);
  set_if_given(body.task_definition.task, options.task);
  set_if_given(body.task_definition.source_language, options.source_language);
  set_if_given(body.task_definition.target_language, options.target_language);
  if (!options.body && (body.name.empty() || body.dataset.empty())) {
    throw Error(ErrorCode::usage,
                body.name.empty() ? "missing --name" : "missing --dataset",
                "give it, or a body with -f that has one");
  }
  schemas::check_experiment(body);
  return body;
}

store::DatasetRecord
dataset_of(const ExperimentCreateOptions& options, Context& context, const schemas::ExperimentCreate& body) {
  if (!is_file_argument(body.dataset)) {
    return context.datasets().get(body.dataset);
  }
  const auto input = file_argument_input(context, body.dataset, options.input_format);
  return register_file(context, body.dataset, input);
}

ExitCode run(const ExperimentCreateOptions& options, Context& context) {
  const auto body = body_of(options, context);
  const auto row = context.experiments().create(body, dataset_of(options, context, body));
  const std::vector shown{experiment_details(context, row)};
  show_item(context.streams(), context.view(), grid_of(k_experiment_fields, shown));
  return ExitCode::done;
}

}  // namespace

Command experiment_create_command() {
  return command<ExperimentCreateOptions>(
      {.path = "experiment create",
       .summary = "Make an experiment: a dataset and a task for several models",
       .description = "Does what POST /experiments of Lumigator does. 'lumi workflow create' then asks one model.",
       .examples = {{"summaries",
                     "lumi experiment create --name summaries --dataset articles.csv --task summarization"},
                    {"a translation",
                     "lumi experiment create --name letters --dataset letters.csv --task translation "
                     "--source-language English --target-language Norwegian"},
                    {"with a body of Lumigator", "lumi experiment create -f body.json --json=id"}},
       .json_fields = names_of(k_experiment_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
