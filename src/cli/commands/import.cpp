#include "cli/commands/commands.hpp"
#include "cli/commands/transfer_fields.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"

namespace lumi::cli {

namespace {

struct ImportOptions {
  std::string folder;
};

void bind(OptionSet& set, ImportOptions& options) {
  set.positional("DIR", options.folder, "What 'lumi export' wrote").required().completes(Completes::folder);
}

ExitCode run(const ImportOptions& options, Context& context) {
  services::TransferService transfers(context.databases(), context.objects(), context.clock());
  std::optional<Progress> progress(std::in_place, context.streams(), "reading " + options.folder, Counts::bytes);
  const auto summary = transfers.read(options.folder, [&](std::uint64_t bytes) { progress->update(bytes, 0); });
  progress.reset();
  show_item(context.streams(), context.view(), grid_of(k_transfer_fields, std::vector{summary}));
  return ExitCode::done;
}

}  // namespace

Command import_command() {
  return command<ImportOptions>(
      {.path = "import",
       .summary = "Add the experiments that an export holds",
       .description = "Ids and times are kept. Every file is verified against the manifest. All rows are added at once "
                      "or none: what is here already with the same content is skipped, and if anything is here with "
                      "other content nothing is changed (exit 6). It can be repeated.",
       .examples = {{"the artifact of a CI job", "lumi import lumi-results"}},
       .json_fields = names_of(k_transfer_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
