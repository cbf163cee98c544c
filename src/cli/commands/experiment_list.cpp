#include "cli/commands/commands.hpp"
#include "cli/commands/experiment_fields.hpp"
#include "cli/commands/page_options.hpp"
#include "cli/context.hpp"
#include "core/services/experiment.hpp"

namespace lumi::cli {

namespace {

void bind(OptionSet& set, PageOptions& options) { bind_page_options(set, options); }

ExitCode run(const PageOptions& options, Context& context) {
  const auto page = context.experiments().list(options.page());
  std::vector<ExperimentDetails> shown;
  for (const auto& row : page.items) {
    shown.push_back(experiment_details(context, row));
  }
  show_listing(context.streams(), context.view(), grid_of(k_experiment_fields, shown), page.total, "no experiments");
  return ExitCode::done;
}

}  // namespace

Command experiment_list_command() {
  return command<PageOptions>({.path = "experiment list",
                               .summary = "List experiments, newest first",
                               .examples = {{"names alone", "lumi experiment list --json=id,name"}},
                               .json_fields = names_of(k_experiment_fields)},
                              bind,
                              run);
}

}  // namespace lumi::cli
