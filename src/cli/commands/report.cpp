#include "core/report/report.hpp"

#include "base/append_file.hpp"
#include "base/environment.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/output_file.hpp"
#include "cli/commands/party_argument.hpp"
#include "cli/context.hpp"
#include "core/services/report.hpp"

#include <array>
#include <filesystem>
#include <utility>

namespace lumi::cli {

namespace {

struct ReportOptions {
  std::vector<std::string> ids;
  std::optional<std::string> format;
  std::optional<std::string> output;
  std::optional<std::string> path;
  bool timestamps = false;
};

void bind(OptionSet& set, ReportOptions& options) {
  set.positional("ID",
                 options.ids,
                 "Evaluator jobs, workflows, experiments, baselines, or files; the first one is the others' baseline")
      .required()
      .completes(Completes::job);
  set.option("--format", "FORMAT", options.format, "What to write")
      .choices(report::format_names())
      .shows_default("what the file's name says, else markdown");
  set.option("-o,--output", "FILE", options.output, "Write here instead of to stdout").completes(Completes::file);
  set.option("--path", "PATH", options.path, "Where the dataset is in the repository, for sarif and github")
      .completes(Completes::file)
      .shows_default("the name of the dataset");
  set.flag("--timestamps", options.timestamps, "Say when each evaluation was made");
}

std::string format_of(const ReportOptions& options) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> k_extensions{
      {{".html", "html"}, {".md", "markdown"}, {".csv", "csv"}, {".xml", "junit"}, {".sarif", "sarif"}}};
  if (options.format) {
    return *options.format;
  }
  const auto extension = std::filesystem::path(options.output.value_or("")).extension().string();
  for (const auto& [ending, format] : k_extensions) {
    if (ending == extension) {
      return std::string(format);
    }
  }
  return "markdown";
}

/// Adds the markdown report to the file that GitHub shows below the run, if it named one.
void write_step_summary(const report::Report& report) {
  if (const auto path = environment("GITHUB_STEP_SUMMARY")) {
    TextSink text;
    report::write_report(report, "markdown", text);
    append_file(*path, text.text());
  }
}

report::Report make_report(const ReportOptions& options, std::string_view format, Context& context) {
  const auto timestamps = options.timestamps ? services::Timestamps::yes : services::Timestamps::no;
  services::ReportService service(context.jobs());
  std::vector<report::Subject> subjects;
  for (const auto& id : options.ids) {
    if (is_file_argument(id)) {
      subjects.push_back(services::ReportService::file(id));
      continue;
    }
    for (const auto& evaluation : evaluations_of(context, id)) {
      subjects.push_back(service.job(evaluation.job_id, timestamps));
      subjects.back().name = evaluation.name;
    }
  }
  for (auto& subject : subjects) {
    if (report::points_at_lines(format)) {
      subject.file = options.path;
      service.find_places(subject, context.datasets());
    }
  }
  return services::ReportService::make(std::move(subjects), {});
}

ExitCode run(const ReportOptions& options, Context& context) {
  if (options.output.value_or("-") == "-" && context.options().json) {
    throw Error(ErrorCode::usage, "the report and --json both want standard output", "name a file with -o");
  }
  const auto format = format_of(options);
  const auto report = make_report(options, format, context);
  if (format == "github") {
    write_step_summary(report);
  }
  if (options.output.value_or("-") == "-") {
    report::write_report(report, format, context.streams().out());
    return ExitCode::done;
  }
  AtomicFile file(*options.output, Overwrite::yes, Durable::no, Readers::by_umask);
  report::write_report(report, format, file);
  file.commit();
  report_written(context, {*options.output});
  return ExitCode::done;
}

}  // namespace

Command report_command() {
  return command<ReportOptions>(
      {.path = "report",
       .summary = "Write evaluations as a report for people, spreadsheets or CI",
       .description = "html is one file that loads nothing: means with intervals, distributions, comparisons, and all "
                      "samples to sort, filter and search. markdown and csv can be kept in version control: the same "
                      "evaluations give the same bytes. junit, sarif and github tell where samples have no prediction "
                      "and where an evaluation is worse than the first one: junit as test cases that fail, sarif and "
                      "github with the lines of the dataset. github prints commands to GitHub Actions, and adds the "
                      "markdown report to the step's summary where GITHUB_STEP_SUMMARY names it.",
       .examples = {{"to look at", "lumi report 3f2a91c0 8c1d77e2 -o report.html"},
                    {"below a pull request", "lumi report 3f2a91c0 8c1d77e2 --format markdown"},
                    {"for a CI server", "lumi report baselines/main.json 8c1d77e2 -o lumi.xml"},
                    {"beside the lines of the dataset",
                     "lumi report baselines/main.json 8c1d77e2 --format github --path data/questions.csv"}}},
      bind,
      run);
}

}  // namespace lumi::cli
