#include "core/services/storage_copy.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"

#include <array>
#include <optional>

namespace lumi::cli {

namespace {

using services::CopySummary;

struct StorageCopyOptions {
  std::string to;
  bool read_data = false;
  bool dry_run = false;
};

constexpr std::array<Field<CopySummary>, 6> k_copy_fields{{
    {"to", "TO", Show::column, [](const CopySummary& summary) { return Value(summary.to); }},
    {"objects", "OBJECTS", Show::column, [](const CopySummary& summary) { return count_value(summary.objects); }},
    {"copied", "COPIED", Show::column, [](const CopySummary& summary) { return count_value(summary.copied); }},
    {"size", "SIZE", Show::column, [](const CopySummary& summary) { return Value(Bytes{summary.size_bytes}); }},
    {"in_place", "IN PLACE", Show::json, [](const CopySummary& summary) { return count_value(summary.in_place); }},
    {"failed", "FAILED", Show::column, [](const CopySummary& s) { return count_value(s.failures.size()); }},
}};

void bind(OptionSet& set, StorageCopyOptions& options) {
  set.option("--to", "URL", options.to, "Where the objects go: file:, file:///DIR or s3://BUCKET/PREFIX").required();
  set.flag("--read-data", options.read_data, "Read every copy back before a dataset or job refers to it");
  set.flag("--dry-run", options.dry_run, "Only say how much would be copied");
}

ExitCode show(Context& context, const CopySummary& summary) {
  show_item(context.streams(), context.view(), grid_of(k_copy_fields, std::vector{summary}));
  return ExitCode::done;
}

ExitCode run(const StorageCopyOptions& options, Context& context) {
  services::StorageCopyService storage({context.databases(), context.objects(), context.clock()});
  const auto plan = storage.plan(options.to);
  if (options.dry_run || plan.objects == 0) {
    context.objects().at(options.to);  // an impossible URL is one also where nothing is to do
    return show(context, plan);
  }
  if (!context.confirm("Copy " + std::to_string(plan.objects) + " objects to " + quote(options.to) + "?")) {
    return ExitCode::done;
  }
  std::optional<Progress> progress(std::in_place, context.streams(), "copying", Counts::rows);
  const auto summary = storage.copy(options.to,
                                    options.read_data ? services::ReadBack::yes : services::ReadBack::no,
                                    [&](std::uint64_t done, std::uint64_t of) { progress->update(done, of); });
  progress.reset();
  show(context, summary);
  for (const auto& failure : summary.failures) {
    context.streams().warning(failure);
  }
  if (!summary.failures.empty()) {
    throw Error(ErrorCode::storage,
                std::to_string(summary.failures.size()) + " of " + std::to_string(summary.objects) +
                    " objects were not copied",
                "the others are; the same command tries again with what is left");
  }
  if (summary.copied > 0) {
    context.streams().message("the sources are kept; 'lumi gc --source' removes them");
  }
  return ExitCode::done;
}

}  // namespace

Command storage_copy_command() {
  return command<StorageCopyOptions>(
      {.path = "storage copy",
       .summary = "Copy every file of datasets and jobs to another storage",
       .description =
           "Checks each copy and lets its dataset or job refer to it from then on. What others keep there under the "
           "same "
           "key is not replaced. The sources stay until 'lumi gc --source'. What is interrupted goes on with the same "
           "command. New files go where LUMI_STORAGE says: set it to the same URL. Asks on a terminal; elsewhere --yes "
           "is needed.",
       .examples = {{"from this machine to a bucket", "lumi storage copy --to s3://bucket/lumi --yes"},
                    {"and back", "lumi storage copy --to file: --yes"}},
       .json_fields = names_of(k_copy_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
