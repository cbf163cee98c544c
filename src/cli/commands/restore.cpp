#include "cli/commands/backup_fields.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"
#include "core/services/backup.hpp"
#include "store/home.hpp"

namespace lumi::cli {

namespace {

struct RestoreOptions {
  std::string file;
  bool force = false;
};

void bind(OptionSet& set, RestoreOptions& options) {
  set.positional("FILE", options.file, "A file that 'lumi backup' wrote").completes(Completes::file);
  set.flag("--force", options.force, "Replace what the home holds; its database is kept beside the new one");
}

ExitCode run(const RestoreOptions& options, Context& context) {
  if (options.force && !context.confirm("Replace what " + context.home().path().string() + " holds?")) {
    return ExitCode::done;
  }
  services::BackupService backups({context.databases(), context.objects(), context.clock(), context.ids()});
  std::optional<Progress> progress(std::in_place, context.streams(), "restoring " + options.file, Counts::bytes);
  const auto summary = backups.restore(options.file,
                                       options.force ? services::Replace::yes : services::Replace::no,
                                       [&](std::uint64_t bytes) { progress->update(bytes, 0); });
  progress.reset();
  if (summary.replaced_database) {
    context.streams().message("the database that was there is now " + summary.replaced_database->string());
  }
  show_item(context.streams(), context.view(), grid_of(k_backup_fields, std::vector{summary}));
  return ExitCode::done;
}

}  // namespace

Command restore_command() {
  return command<RestoreOptions>(
      {.path = "restore",
       .summary = "Bring back what a backup holds",
       .description = "Everything in the file is checked before anything changes. A home that holds something is only "
                      "replaced with --force, which asks on a terminal and needs --yes elsewhere.",
       .examples = {{"into an empty home", "lumi restore lumi-2026-11-25.tar --home /srv/lumi"}},
       .json_fields = names_of(k_backup_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
