#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"
#include "core/services/dataset.hpp"
#include "core/services/lumigator_import.hpp"
#include "core/services/secret.hpp"

#include <array>
#include <filesystem>

namespace lumi::cli {

namespace {

namespace fs = std::filesystem;
using services::ImportCount;

struct ImportLumigatorOptions {
  std::string database;
  std::string objects;
  std::optional<std::string> mlflow_database;
  std::optional<std::string> secret_key_file;
  bool dry_run = false;
};

constexpr std::array<Field<ImportCount>, 5> k_import_fields{{
    {"kind", "KIND", Show::column, [](const ImportCount& count) { return Value(count.kind); }},
    {"found", "FOUND", Show::column, [](const ImportCount& count) { return count_value(count.found); }},
    {"imported", "IMPORTED", Show::column, [](const ImportCount& count) { return count_value(count.imported); }},
    {"present", "PRESENT", Show::column, [](const ImportCount& count) { return count_value(count.present); }},
    {"left_out", "LEFT OUT", Show::column, [](const ImportCount& count) { return count_value(count.left_out); }},
}};

void bind(OptionSet& set, ImportLumigatorOptions& options) {
  set.option("--database", "FILE", options.database, "The SQLite database of Lumigator's backend")
      .required()
      .completes(Completes::file);
  set.option("--objects", "PLACE", options.objects, "A folder with Lumigator's objects, or s3://BUCKET/PREFIX")
      .required()
      .completes(Completes::folder);
  set.option("--mlflow-database", "FILE", options.mlflow_database, "The SQLite database of its MLflow")
      .completes(Completes::file);
  set.option("--secret-key-file", "FILE", options.secret_key_file, "A file with the key of its secrets")
      .shows_default("the variable LUMIGATOR_SECRET_KEY")
      .completes(Completes::file);
  set.flag("--dry-run", options.dry_run, "Only say what would come over and what cannot");
}

std::string objects_url(const std::string& place) {
  if (place.find("://") != std::string::npos) {
    return place;
  }
  std::error_code ignored;
  if (!fs::is_directory(place, ignored)) {
    throw Error(fs::exists(place, ignored) ? ErrorCode::invalid_input : ErrorCode::not_found,
                quote(place) + " is no folder",
                "--objects is a folder with a copy of Lumigator's bucket, or s3://BUCKET");
  }
  return "file://" + fs::canonical(place).string();
}

std::optional<secrets::UserKey> key_of(const ImportLumigatorOptions& options) {
  if (options.secret_key_file) {
    return secrets::UserKeys::read(*options.secret_key_file);
  }
  auto text = secret_environment("LUMIGATOR_SECRET_KEY");
  return text ? std::optional(secrets::UserKeys::parse(*std::move(text), "LUMIGATOR_SECRET_KEY")) : std::nullopt;
}

ExitCode run(const ImportLumigatorOptions& options, Context& context) {
  services::LumigatorSource source;
  source.database = options.database;
  source.objects_url = objects_url(options.objects);
  source.key = key_of(options);
  if (options.mlflow_database) {
    source.mlflow = *options.mlflow_database;
  }
  const auto max_memory = context.settings().get_size("evaluation.max_memory");
  services::LumigatorImportService::Dependencies with{
      context.databases(), context.objects(), context.datasets(), context.secrets(), context.clock(), context.ids()};
  with.max_memory = max_memory.value_or(with.max_memory);
  std::optional<Progress> progress(std::in_place, context.streams(), "importing", Counts::rows);
  services::LumigatorImportService imports(with);
  const auto count = [&](std::uint64_t rows) { progress->update(rows, 0); };
  const auto done = options.dry_run ? imports.try_out(source, count) : imports.run(source, count);
  progress.reset();
  show_listing(
      context.streams(), context.view(), grid_of(k_import_fields, done.counts), done.counts.size(), "nothing found");
  for (const auto& warning : done.warnings) {
    context.streams().warning(warning);
  }
  if (options.dry_run) {
    context.streams().message("nothing was imported: this was a dry run");
  }
  return ExitCode::done;
}

}  // namespace

Command import_lumigator_command() {
  return command<ImportLumigatorOptions>(
      {.path = "import lumigator",
       .summary = "Bring over what a Lumigator has",
       .description =
           "Datasets, jobs with logs and results, and secrets from the database of its backend; experiments and "
           "workflows from that of its MLflow. Ids and times stay. Lumigator's files are only read. What is there "
           "already stays as it is: an import may be repeated. Secrets need the key that Lumigator has in "
           "LUMIGATOR_SECRET_KEY, from a file or that variable; without it they are left out. With --dry-run the "
           "import "
           "is tried out in a folder for temporary files, which is removed: the counts are those of the import.",
       .examples = {{"what would come over, and what cannot",
                     "lumi import lumigator --database local.db --objects bucket --dry-run"},
                    {"from its MinIO, reached as AWS_ENDPOINT_URL says",
                     "lumi import lumigator --database local.db --objects s3://lumigator-storage"},
                    {"all of it, from copies",
                     "lumi import lumigator --database local.db --objects bucket --mlflow-database mlflow.db "
                     "--secret-key-file key"}},
       .json_fields = names_of(k_import_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
