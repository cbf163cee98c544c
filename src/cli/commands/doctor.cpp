#include "core/services/doctor.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/services/salvage.hpp"
#include "store/home.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct DoctorOptions {
  bool repair = false;
  bool dry_run = false;
  std::optional<std::string> salvage;
  std::optional<std::vector<std::string>> read_data;
  bool strict = false;
};

using services::Finding;
using services::FindingStatus;

constexpr std::array<Field<Finding>, 5> k_finding_fields{{
    {"check", "CHECK", Show::column, [](const Finding& finding) { return Value(finding.check); }},
    {"status",
     "STATUS",
     Show::column,
     [](const Finding& finding) { return Value(std::string(services::to_text(finding.status))); }},
    {"repaired", "REPAIRED", Show::json, [](const Finding& finding) { return Value(finding.is_repaired); }},
    {"message", "MESSAGE", Show::column, [](const Finding& finding) { return Value(finding.message); }},
    {"hint", "HINT", Show::json, [](const Finding& finding) { return Value(finding.hint); }},
}};

void bind(OptionSet& set, DoctorOptions& options) {
  set.flag("--repair", options.repair, "Mend what can be mended without losing anything");
  set.flag("--dry-run", options.dry_run, "With --repair: only look");
  set.option("--salvage", "DIR", options.salvage, "Copy what can still be read into a new home in this folder")
      .completes(Completes::folder);
  set.optional_list("--read-data", "SHARE", options.read_data, "Compare files with their hashes: all, or =5% of them");
  set.flag("--strict", options.strict, "Exit with 1 for warnings too");
}

double share_of(const std::optional<std::vector<std::string>>& read_data) {
  if (!read_data) {
    return 0;
  }
  if (read_data->empty()) {
    return 1;
  }
  auto text = read_data->front();
  if (text.ends_with('%')) {
    text.pop_back();
  }
  const auto percent = parse_real(text);
  if (!percent || *percent <= 0 || *percent > 100) {
    throw Error(ErrorCode::usage, "--read-data needs a share such as =5%, not " + quote(read_data->front()));
  }
  return *percent / 100;
}

ExitCode run_salvage(const DoctorOptions& options, Context& context) {
  const auto report = services::salvage(context.home(), *options.salvage);
  for (const auto& loss : report.losses) {
    context.streams().warning(loss);
  }
  context.streams().message("salvaged " + std::to_string(report.datasets) + " datasets and " +
                            std::to_string(report.jobs) + " jobs into " + *options.salvage);
  return ExitCode::done;
}

void show_hints(Context& context, const std::vector<Finding>& findings) {
  for (const auto& finding : findings) {
    if (!finding.hint.empty() && !finding.is_repaired && context.streams().err_terminal() == Terminal::yes) {
      context.streams().message(finding.check + ": " + finding.hint);
    }
  }
}

ExitCode run(const DoctorOptions& options, Context& context) {
  if (options.salvage) {
    return run_salvage(options, context);
  }
  services::DoctorService doctor({context.databases(), context.objects(), context.clock(), context.ids()});
  services::ExamineOptions examine;
  examine.read_data = share_of(options.read_data);
  const bool mend = options.repair && !options.dry_run;
  if (mend && !context.confirm("Repair the store in " + context.home().path().string() + "?")) {
    return ExitCode::done;
  }
  const auto findings = mend ? doctor.repair(examine) : doctor.examine(examine);
  show_listing(context.streams(), context.view(), grid_of(k_finding_fields, findings), findings.size(), "no findings");
  show_hints(context, findings);
  const auto worst = services::worst_status(findings);
  if (worst == FindingStatus::damage) {
    throw Error(ErrorCode::storage, "the store is damaged", "see 'lumi help doctor' for --repair and --salvage");
  }
  if (worst == FindingStatus::warning && options.strict) {
    throw Error(ErrorCode::failure, "there are warnings");
  }
  return ExitCode::done;
}

}  // namespace

Command doctor_command() {
  return command<DoctorOptions>(
      {.path = "doctor",
       .summary = "Check everything that lumi keeps",
       .description =
           "Looks at the home folder, the database, the files of datasets and results, unfinished jobs and the clock, "
           "and "
           "changes nothing unless --repair is given. Exit code 12 for damage; warnings are 0 unless --strict.",
       .examples = {{"the quick checks", "lumi doctor"},
                    {"with the content of every file", "lumi doctor --read-data"},
                    {"save what a damaged store still holds", "lumi doctor --salvage ./rescued"}},
       .json_fields = names_of(k_finding_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
