#include "cli/commands/dataset_argument.hpp"

#include "base/file.hpp"
#include "cli/context.hpp"
#include "core/evaluation/plan.hpp"
#include "core/evaluation/sample_reader.hpp"
#include "core/services/dataset.hpp"

#include <filesystem>

namespace lumi::cli {

bool is_file_argument(const std::string& dataset) {
  if (dataset == "-" || dataset.find('/') != std::string::npos) {
    return true;
  }
  const std::filesystem::path path = dataset;
  std::error_code absent;
  return path.has_extension() && std::filesystem::exists(path, absent);
}

std::string filename_of(const std::string& file) {
  return file == "-" ? "stdin.csv" : std::filesystem::path(file).filename().string();
}

void bind_input_format(OptionSet& set, std::optional<std::string>& format) {
  set.option("--input-format", "FORMAT", format, "What the file is written in")
      .choices({"csv", "tsv", "jsonl", "json"})
      .shows_default("what its extension says");
}

evaluation::Input
file_argument_input(Context& context, const std::string& file, const std::optional<std::string>& format) {
  auto input = file == "-" ? evaluation::spooled_input(*context.streams().open_input(), filename_of(file))
                           : evaluation::file_input(file);
  if (format) {
    input.format = tabular::parse_format(*format);
  }
  return input;
}

store::DatasetRecord evaluated_dataset(Context& context,
                                       const std::string& dataset,
                                       const std::optional<std::string>& format,
                                       const evaluation::Request& request) {
  if (!is_file_argument(dataset)) {
    return context.datasets().get(dataset);
  }
  const auto plan = evaluation::make_plan(request, context.metric_resources());
  const auto input = file_argument_input(context, dataset, format);
  evaluation::SampleReader(input, request, {plan.needs(metrics::Input::reference), plan.needs(metrics::Input::source)});
  return register_file(context, dataset, input);
}

store::DatasetRecord register_file(Context& context,
                                   const std::string& file,
                                   const evaluation::Input& input,
                                   const std::vector<std::pair<std::string, std::string>>& columns) {
  services::CreateOptions options;
  options.filename = filename_of(file);
  options.format = input.format;
  options.reuse = services::Reuse::yes;
  options.required_columns = {};
  for (const auto& [name, column] : columns) {
    options.renames.push_back({column, name});
  }
  return context.datasets().create(*input.open(), options).dataset;
}

}  // namespace lumi::cli
