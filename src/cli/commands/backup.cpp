#include "core/services/backup.hpp"

#include "cli/commands/backup_fields.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"

namespace lumi::cli {

namespace {

struct BackupOptions {
  std::string file;
  bool no_objects = false;
  bool force = false;
};

void bind(OptionSet& set, BackupOptions& options) {
  set.positional("FILE", options.file, "The backup to write").completes(Completes::file);
  set.flag("--no-objects", options.no_objects, "Only the database, not the files of datasets and results");
  set.flag("--force", options.force, "Replace a file that exists");
}

ExitCode run(const BackupOptions& options, Context& context) {
  services::BackupService backups({context.databases(), context.objects(), context.clock(), context.ids()});
  std::optional<Progress> progress(std::in_place, context.streams(), "writing " + options.file, Counts::bytes);
  const auto summary = backups.create(options.file,
                                      options.no_objects ? services::WithObjects::no : services::WithObjects::yes,
                                      options.force ? Overwrite::yes : Overwrite::no,
                                      [&](std::uint64_t bytes) { progress->update(bytes, 0); });
  progress.reset();
  show_item(context.streams(), context.view(), grid_of(k_backup_fields, std::vector{summary}));
  return ExitCode::done;
}

}  // namespace

Command backup_command() {
  return command<BackupOptions>(
      {.path = "backup",
       .summary = "Write everything that lumi keeps into one file",
       .description =
           "The file is a tar archive of the database and of the files of datasets and results, each with its "
           "hash. It is a picture of one moment; nobody needs to stop working. 'lumi restore' reads it.",
       .examples = {{"a backup of today", "lumi backup lumi-$(date +%F).tar"}},
       .json_fields = names_of(k_backup_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
