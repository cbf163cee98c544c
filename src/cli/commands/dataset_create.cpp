#include "base/file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/dataset_fields.hpp"
#include "cli/commands/evaluation_options.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"
#include "core/services/dataset.hpp"

namespace lumi::cli {

namespace {

struct DatasetCreateOptions {
  std::string file;
  std::optional<std::string> filename;
  std::string format = "job";
  std::optional<std::string> input_format;
  std::vector<std::string> map;
  std::optional<std::string> run_id;
  bool generated = false;
  std::optional<std::string> generated_by;
  bool reuse = false;
};

void bind(OptionSet& set, DatasetCreateOptions& options) {
  set.positional("FILE", options.file, "The file; - for stdin").completes(Completes::file);
  set.option("--filename", "NAME", options.filename, "The name to keep it under").shows_default("that of the file");
  set.option("--format", "FORMAT", options.format, "Lumigator's dataset format").choices({"job"});
  bind_input_format(set, options.input_format);
  set.list("--map", "NAME=COLUMN", options.map, "Keep COLUMN under the name NAME");
  set.option("--run-id", "ID", options.run_id, "The job that made it");
  set.flag("--generated", options.generated, "Its ground truth was made by a model");
  set.option("--generated-by", "MODEL", options.generated_by, "The model that made it");
  set.flag("--reuse", options.reuse, "Use the dataset of the same content and name, if there is one");
}

services::CreateOptions create_options(const DatasetCreateOptions& options, Context& context) {
  services::CreateOptions create;
  create.filename = options.filename.value_or(filename_of(options.file));
  create.format =
      options.input_format ? tabular::parse_format(*options.input_format) : tabular::format_of(create.filename);
  for (const auto& [name, column] : parse_map(options.map)) {
    create.renames.push_back({column, name});
  }
  create.run_id = options.run_id;
  create.generated = options.generated || options.generated_by;
  create.generated_by = options.generated_by;
  create.reuse = options.reuse ? services::Reuse::yes : services::Reuse::no;
  create.max_size_bytes = context.settings().get_size("dataset.max_size");
  create.max_cell_bytes = context.settings().get_size("dataset.max_cell_size").value_or(create.max_cell_bytes);
  return create;
}

ExitCode run(const DatasetCreateOptions& options, Context& context) {
  const auto create = create_options(options, context);
  std::unique_ptr<ByteSource> source;
  std::uint64_t size = 0;
  if (options.file == "-") {
    source = context.streams().open_input();
  } else {
    auto file = std::make_unique<FileSource>(options.file);
    size = file->size();
    source = std::move(file);
  }
  std::optional<Progress> progress(std::in_place, context.streams(), "reading " + create.filename, Counts::bytes);
  const auto created =
      context.datasets().create(*source, create, [&](std::uint64_t bytes) { progress->update(bytes, size); });
  progress.reset();
  for (const auto& note : created.notes) {
    context.streams().warning(create.filename + ": " + note);
  }
  show_item(context.streams(), context.view(), grid_of(k_dataset_fields, std::vector{created.dataset}));
  return ExitCode::done;
}

}  // namespace

Command dataset_create_command() {
  return command<DatasetCreateOptions>(
      {.path = "dataset create",
       .summary = "Keep a file as a dataset",
       .description = "The file is CSV, TSV, JSON Lines or a JSON array of objects, in UTF-8, with a column named "
                      "examples and, for "
                      "evaluations, one named ground_truth. It is checked as a whole, stored as CSV, and only then "
                      "shown: whatever "
                      "is wrong with it is said with line and column, and nothing is kept.",
       .examples = {{"a CSV file", "lumi dataset create support.csv"},
                    {"columns of other names",
                     "lumi dataset create news.jsonl --map examples=article,ground_truth=summary"},
                    {"its id, for a script", "id=$(lumi dataset create support.csv | cut -f1)"},
                    {"from a pipe",
                     "curl -s https://example.org/data.csv | lumi dataset create - --filename data.csv"}},
       .json_fields = names_of(k_dataset_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
