#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_writer.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/evaluation_options.hpp"
#include "cli/context.hpp"
#include "core/tabular/validate.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct DatasetValidateOptions {
  std::string file;
  std::optional<std::string> input_format;
  std::vector<std::string> map;
  std::vector<std::string> required;
  std::int64_t limit = 1000;
};

using tabular::Problem;

std::string_view severity_name(const Problem& problem) {
  switch (problem.severity) {
  case tabular::Severity::error:
    return "error";
  case tabular::Severity::warning:
    return "warning";
  case tabular::Severity::note:
    break;
  }
  return "note";
}

Value place(std::uint64_t number) { return number == 0 ? Value() : Value(static_cast<std::int64_t>(number)); }

constexpr std::array<Field<Problem>, 6> k_problem_fields{{
    {"severity",
     "SEVERITY",
     Show::column,
     [](const Problem& problem) { return Value(std::string(severity_name(problem))); }},
    {"line", "LINE", Show::column, [](const Problem& problem) { return place(problem.line); }},
    {"column", "COLUMN", Show::column, [](const Problem& problem) { return place(problem.column); }},
    {"field",
     "FIELD",
     Show::column,
     [](const Problem& problem) { return problem.field.empty() ? Value() : Value(problem.field); }},
    {"message", "MESSAGE", Show::column, [](const Problem& problem) { return Value(problem.message); }},
    {"hint", "HINT", Show::json, [](const Problem& problem) { return Value(problem.hint); }},
}};

void bind(OptionSet& set, DatasetValidateOptions& options) {
  set.positional("FILE", options.file, "The file; - for stdin").completes(Completes::file);
  bind_input_format(set, options.input_format);
  set.list("--map", "NAME=COLUMN", options.map, "Read COLUMN as NAME");
  set.list("--require-column", "COLUMN", options.required, "A column that must be there").shows_default("examples");
  set.option("-L,--limit", "N", options.limit, "Show at most N problems");
}

ExitCode run(const DatasetValidateOptions& options, Context& context) {
  tabular::ValidateOptions validate;
  const auto filename = filename_of(options.file);
  validate.read.name = filename;
  validate.read.short_rows = tabular::ShortRows::fill;
  validate.read.max_cell_bytes =
      context.settings().get_size("dataset.max_cell_size").value_or(validate.read.max_cell_bytes);
  for (const auto& [name, column] : parse_map(options.map)) {
    validate.read.renames.push_back({column, name});
  }
  validate.required = options.required.empty() ? validate.required : options.required;
  validate.limit = static_cast<std::size_t>(std::max<std::int64_t>(0, options.limit));
  const auto format =
      options.input_format ? tabular::parse_format(*options.input_format) : tabular::format_of(filename);
  const auto source = options.file == "-" ? context.streams().open_input() : std::make_unique<FileSource>(options.file);
  const auto found = tabular::validate_rows(*source, format, validate);

  const auto total = found.errors + found.warnings + found.notes;
  auto& streams = context.streams();
  show_listing(streams, context.view(), grid_of(k_problem_fields, found.problems), total, "no problems");
  const auto counts = std::to_string(found.rows) + " rows, " + std::to_string(found.errors) + " errors, " +
                      std::to_string(found.warnings) + " warnings";
  if (!found.is_fit()) {
    throw Error(ErrorCode::invalid_input, filename + " is not a valid dataset: " + counts);
  }
  streams.message(filename + " is a valid dataset: " + counts);
  return ExitCode::done;
}

}  // namespace

Command dataset_validate_command() {
  return command<DatasetValidateOptions>(
      {.path = "dataset validate",
       .summary = "Find every problem of a file before it is kept",
       .description = "Lists all problems with line and column, not only the first. Errors make the file unfit (exit "
                      "code 11); warnings and notes do not. Nothing is stored.",
       .examples = {{"a CSV file", "lumi dataset validate support.csv"},
                    {"only columns of an evaluation",
                     "lumi dataset validate predictions.csv --require-column predictions,ground_truth"}},
       .json_fields = names_of(k_problem_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
