#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/output_file.hpp"
#include "cli/context.hpp"
#include "core/schemas/run_template.hpp"
#include "core/services/dataset.hpp"
#include "core/tabular/row_reader.hpp"

#include <filesystem>

namespace lumi::cli {

namespace {

namespace fs = std::filesystem;

struct InitOptions {
  std::string dataset;
  std::optional<std::string> input_format;
  std::string output = "lumi.yaml";
  std::optional<std::string> name;
  std::optional<std::string> task;
  std::vector<std::string> models;
  bool force = false;
};

void bind(OptionSet& set, InitOptions& options) {
  set.positional("DATASET", options.dataset, "A file, or the id of a dataset").completes(Completes::dataset_or_file);
  bind_input_format(set, options.input_format);
  set.option("-o,--output", "FILE", options.output, "Write here; - for stdout").completes(Completes::file);
  set.option("--name", "NAME", options.name, "What the run is called").shows_default("the name of the dataset");
  set.option("--task", "TASK", options.task, "What the models are to do")
      .choices({"summarization", "translation", "text-generation"})
      .shows_default("summarization");
  set.repeated("--model", "MODEL", options.models, "[PROVIDER/]MODEL[@BASE_URL]")
      .completes(Completes::model)
      .synonym("--models");
  set.flag("--force", options.force, "Replace a file that is there");
}

// Where the dataset is, as a spec in `folder` says it: below it if it can be.
std::string path_from(const fs::path& folder, const std::string& file) {
  const auto below = fs::weakly_canonical(file).lexically_relative(fs::weakly_canonical(folder));
  return below.empty() || *below.begin() == ".." ? fs::weakly_canonical(file).string() : below.string();
}

void read_rows(tabular::RowReader& reader, schemas::RunTemplate& run) {
  run.columns = reader.columns();
  for (tabular::Row row; reader.next(row);) {
    ++run.rows;
  }
}

schemas::RunTemplate template_of(const InitOptions& options, Context& context) {
  schemas::RunTemplate run;
  run.task = options.task.value_or(run.task);
  run.models = options.models;
  const auto folder = options.output == "-" ? fs::path() : fs::path(options.output).parent_path();
  if (options.dataset == "-") {
    throw Error(ErrorCode::usage, "a spec names its dataset, so it cannot come from stdin", "save it to a file");
  }
  if (is_file_argument(options.dataset)) {
    const auto input = file_argument_input(context, options.dataset, options.input_format);
    const auto source = input.open();
    tabular::ReadOptions read;
    read.name = input.name;
    read.short_rows = tabular::ShortRows::fill;
    read_rows(*tabular::open_rows(*source, input.format, read), run);
    run.dataset = path_from(folder.empty() ? fs::path(".") : folder, options.dataset);
    run.name = options.name.value_or(fs::path(options.dataset).stem().string());
  } else {
    const auto dataset = context.datasets().get(options.dataset);
    run.columns = context.datasets().preview(dataset.id, 0).columns;
    run.rows = dataset.rows;
    run.dataset = dataset.id;
    run.name = options.name.value_or(fs::path(dataset.filename).stem().string());
  }
  return run;
}

ExitCode run(const InitOptions& options, Context& context) {
  if (options.output == "-" && context.options().json) {
    throw Error(ErrorCode::usage, "the spec and --json both want standard output", "name a file with -o");
  }
  const auto run = template_of(options, context);
  const auto text = schemas::run_template(run);
  if (options.output == "-") {
    context.streams().out().write(text);
    return ExitCode::done;
  }
  AtomicFile file(options.output, options.force ? Overwrite::yes : Overwrite::no, Durable::no, Readers::by_umask);
  file.write(text);
  file.commit();
  report_written(context, {options.output});
  context.streams().message("look through it, then: lumi run " + options.output + " --dry-run");
  return ExitCode::done;
}

}  // namespace

Command init_command() {
  return command<InitOptions>(
      {.path = "init",
       .summary = "Write a spec for 'lumi run' from a dataset",
       .description = "Looks at the columns of the dataset, guesses which one holds the texts and which one the ground "
                      "truths, and writes a spec with comments on everything that can be said in it.",
       .examples = {{"a spec to begin with", "lumi init articles.csv"},
                    {"with the models that are to be compared",
                     "lumi init articles.csv --model openai/gpt-4o-mini --model gemma@http://127.0.0.1:8080/v1"}}},
      bind,
      run);
}

}  // namespace lumi::cli
