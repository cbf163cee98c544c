#include "cli/commands/commands.hpp"
#include "cli/commands/transfer_fields.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"

namespace lumi::cli {

namespace {

struct ExportOptions {
  std::vector<std::string> ids;
  std::string output;
};

void bind(OptionSet& set, ExportOptions& options) {
  set.positional("ID", options.ids, "Experiments, or jobs and datasets that belong to none")
      .required()
      .completes(Completes::experiment);
  set.option("-o,--output", "DIR", options.output, "The folder to write, which must be empty or not there")
      .required()
      .completes(Completes::folder);
}

ExitCode run(const ExportOptions& options, Context& context) {
  services::TransferService transfers(context.databases(), context.objects(), context.clock());
  std::optional<Progress> progress(std::in_place, context.streams(), "writing " + options.output, Counts::bytes);
  const auto summary =
      transfers.write(options.ids, options.output, [&](std::uint64_t bytes) { progress->update(bytes, 0); });
  progress.reset();
  show_item(context.streams(), context.view(), grid_of(k_transfer_fields, std::vector{summary}));
  return ExitCode::done;
}

}  // namespace

Command export_command() {
  return command<ExportOptions>(
      {.path = "export",
       .summary = "Write experiments into a folder, for another home",
       .description =
           "An experiment comes with its workflows, jobs, datasets and results, a job with its datasets and results. "
           "The "
           "folder holds the files and a manifest with the hash of each; 'lumi import' reads it. Secrets are never in "
           "it, nor are request headers and the hosts that keys may go to.",
       .examples = {{"from a CI job, as its artifact", "lumi export 5f0c2d7e -o lumi-results"}},
       .json_fields = names_of(k_transfer_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
