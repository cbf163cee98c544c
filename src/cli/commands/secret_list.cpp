#include "cli/commands/commands.hpp"
#include "cli/commands/page_options.hpp"
#include "cli/commands/secret_fields.hpp"
#include "cli/context.hpp"
#include "core/services/secret.hpp"

namespace lumi::cli {

namespace {

void bind(OptionSet& set, PageOptions& options) { bind_page_options(set, options); }

ExitCode run(const PageOptions& options, Context& context) {
  const auto page = context.secrets().list(options.page());
  show_listing(context.streams(), context.view(), grid_of(k_secret_fields, page.items), page.total, "no secrets");
  return ExitCode::done;
}

}  // namespace

Command secret_list_command() {
  return command<PageOptions>({.path = "secret list",
                               .summary = "List secrets, newest first, never their values",
                               .examples = {{"names alone", "lumi secret list --json=name"}},
                               .json_fields = names_of(k_secret_fields)},
                              bind,
                              run);
}

}  // namespace lumi::cli
