#include "base/error.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/delete_items.hpp"
#include "cli/context.hpp"
#include "core/services/dataset.hpp"

namespace lumi::cli {

namespace {

struct DatasetDeleteOptions {
  std::vector<std::string> ids;
  bool force = false;
  DeleteOptions common;
};

void bind(OptionSet& set, DatasetDeleteOptions& options) {
  set.positional("ID", options.ids, "Datasets, or the first characters of their ids")
      .required()
      .completes(Completes::dataset);
  set.flag("--force", options.force, "Delete it although an experiment, or a job that is not finished, uses it");
  bind_delete_options(set, options.common);
}

ExitCode run(const DatasetDeleteOptions& options, Context& context) {
  DeleteActions actions;
  actions.noun = "dataset";
  actions.resolve = [&](const std::string& id) {
    const auto dataset = context.datasets().get(id);
    return DeleteItem{dataset.id, dataset.filename};
  };
  actions.remove = [&](const std::string& id) {
    return context.datasets().remove(id, options.force ? services::Force::yes : services::Force::no).warnings;
  };
  return delete_items(context, options.ids, options.common, actions);
}

}  // namespace

Command dataset_delete_command() {
  return command<DatasetDeleteOptions>({.path = "dataset delete",
                                        .summary = "Delete datasets and their files",
                                        .description = "Asks on a terminal; elsewhere --yes is needed.",
                                        .examples = {{"what would go", "lumi dataset delete 9f8e7d6c --dry-run"},
                                                     {"in a script", "lumi dataset delete 9f8e7d6c --yes"}},
                                        .json_fields = {"deleted"}},
                                       bind,
                                       run);
}

}  // namespace lumi::cli
