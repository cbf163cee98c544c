#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_fields.hpp"
#include "cli/commands/page_options.hpp"
#include "cli/context.hpp"
#include "core/services/dataset.hpp"

namespace lumi::cli {

namespace {

struct DatasetListOptions {
  PageOptions page;
};

void bind(OptionSet& set, DatasetListOptions& options) { bind_page_options(set, options.page); }

ExitCode run(const DatasetListOptions& options, Context& context) {
  const auto listing = context.datasets().list(options.page.page());
  show_listing(
      context.streams(), context.view(), grid_of(k_dataset_fields, listing.items), listing.total, "no datasets");
  return ExitCode::done;
}

}  // namespace

Command dataset_list_command() {
  return command<DatasetListOptions>({.path = "dataset list",
                                      .summary = "List datasets, newest first",
                                      .examples = {{"the newest five", "lumi dataset list -L 5"},
                                                   {"ids and names as JSON", "lumi dataset list --json=id,filename"}},
                                      .json_fields = names_of(k_dataset_fields)},
                                     bind,
                                     run);
}

}  // namespace lumi::cli
