#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_fields.hpp"
#include "cli/context.hpp"
#include "core/services/dataset.hpp"

namespace lumi::cli {

namespace {

struct DatasetGetOptions {
  std::string id;
};

void bind(OptionSet& set, DatasetGetOptions& options) {
  set.positional("ID", options.id, "The dataset, or the first characters of its id").completes(Completes::dataset);
}

ExitCode run(const DatasetGetOptions& options, Context& context) {
  const auto dataset = context.datasets().get(options.id);
  show_item(context.streams(), context.view(), grid_of(k_dataset_fields, std::vector{dataset}));
  return ExitCode::done;
}

}  // namespace

Command dataset_get_command() {
  return command<DatasetGetOptions>({.path = "dataset get",
                                     .summary = "Show a dataset",
                                     .examples = {{"everything about it", "lumi dataset get 9f8e7d6c"},
                                                  {"its name", "lumi dataset get 9f8e7d6c --json=filename"}},
                                     .json_fields = names_of(k_dataset_fields)},
                                    bind,
                                    run);
}

}  // namespace lumi::cli
