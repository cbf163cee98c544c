#include "core/services/gc.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct GcOptions {
  std::string older_than = "24h";
  bool dry_run = false;
  bool source = false;
};

using services::GarbageItem;
using services::GarbageKind;

std::string kind_name(GarbageKind kind) {
  switch (kind) {
  case GarbageKind::deleted_object:
    return "deleted object";
  case GarbageKind::unreferenced_object:
    return "unreferenced object";
  case GarbageKind::temporary_file:
    return "temporary file";
  case GarbageKind::unfinished_upload:
    return "unfinished upload";
  case GarbageKind::copied_object:
    return "copied object";
  case GarbageKind::job_folder:
    break;
  }
  return "job folder";
}

constexpr std::array<Field<GarbageItem>, 5> k_garbage_fields{{
    {"kind", "KIND", Show::column, [](const GarbageItem& item) { return Value(kind_name(item.kind)); }},
    {"size", "SIZE", Show::column, [](const GarbageItem& item) { return Value(Bytes{item.size_bytes}); }},
    {"name", "NAME", Show::column, [](const GarbageItem& item) { return Value(item.name); }},
    {"storage", "STORAGE", Show::json, [](const GarbageItem& item) { return Value(item.storage_url); }},
    {"error",
     "ERROR",
     Show::column,
     [](const GarbageItem& item) { return item.error.empty() ? Value() : Value(item.error); }},
}};

void bind(OptionSet& set, GcOptions& options) {
  set.option("--older-than", "AGE", options.older_than, "Leave what was changed in this time: it may be in the making");
  set.flag("--source", options.source, "Also remove what 'lumi storage copy' copied, where it was before");
  set.flag("--dry-run", options.dry_run, "Only print what would be removed");
}

std::int64_t age_ms(const std::string& text) {
  const auto age = parse_duration_ms(text);
  if (!age) {
    throw Error(ErrorCode::usage, "--older-than needs a duration such as 90s or 24h, not " + quote(text));
  }
  return *age;
}

ExitCode run(const GcOptions& options, Context& context) {
  const auto age = age_ms(options.older_than);
  if (!options.dry_run && !context.confirm("Remove what nothing names any more?")) {
    return ExitCode::done;
  }
  services::GcService gc({context.databases(), context.objects(), context.clock()});
  const auto report = gc.collect(age,
                                 options.dry_run ? services::DryRun::yes : services::DryRun::no,
                                 options.source ? services::CopiedSources::remove : services::CopiedSources::keep);
  show_listing(context.streams(),
               context.view(),
               grid_of(k_garbage_fields, report.items),
               report.items.size(),
               "nothing to remove");
  if (report.failures() > 0) {
    context.streams().warning(std::to_string(report.failures()) + " could not be removed; 'lumi gc' tries again");
  }
  if (!report.items.empty()) {
    context.streams().message(std::string(options.dry_run ? "would free " : "freed ") +
                              human_size(report.freed_bytes()));
  }
  return ExitCode::done;
}

}  // namespace

Command gc_command() {
  return command<GcOptions>({.path = "gc",
                             .summary = "Remove files that nothing names any more",
                             .description = "A process that was killed may leave half-written files and uploads, and a "
                                            "removal may fail; they are harmless, and this removes them. Asks on a "
                                            "terminal; elsewhere --yes is needed.",
                             .examples = {{"what would go", "lumi gc --dry-run"}, {"in a script", "lumi gc --yes"}},
                             .json_fields = names_of(k_garbage_fields)},
                            bind,
                            run);
}

}  // namespace lumi::cli
