#include "cli/commands/baseline_fields.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/page_options.hpp"
#include "cli/context.hpp"
#include "core/services/baseline.hpp"

namespace lumi::cli {

namespace {

void bind(OptionSet& set, PageOptions& options) { bind_page_options(set, options); }

ExitCode run(const PageOptions& options, Context& context) {
  const auto page = context.baselines().list(options.page());
  show_listing(context.streams(), context.view(), grid_of(k_baseline_fields, page.items), page.total, "no baselines");
  return ExitCode::done;
}

}  // namespace

Command baseline_list_command() {
  return command<PageOptions>({.path = "baseline list",
                               .summary = "List baselines, newest first",
                               .examples = {{"names and jobs", "lumi baseline list --json=name,job_id"}},
                               .json_fields = names_of(k_baseline_fields)},
                              bind,
                              run);
}

}  // namespace lumi::cli
