#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/io/json_value.hpp"
#include "cli/io/score_view.hpp"
#include "core/evaluation/results_writer.hpp"
#include "core/services/job.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct JobResultOptions {
  std::string id;
};

/// A job with what it came to.
struct ResultAnswer {
  std::string job_id;
  std::string location;
  const evaluation::Outcome* outcome;
};

constexpr std::array<Field<ResultAnswer>, 8> k_result_fields{{
    {"id", "ID", Show::column, [](const ResultAnswer& answer) { return Value(answer.job_id); }},
    {"job_id", "JOB", Show::json, [](const ResultAnswer& answer) { return Value(answer.job_id); }},
    {"location", "LOCATION", Show::column, [](const ResultAnswer& answer) { return Value(answer.location); }},
    {"n",
     "SAMPLES",
     Show::column,
     [](const ResultAnswer& answer) { return Value(static_cast<std::int64_t>(answer.outcome->rows)); }},
    {"coverage",
     "COVERAGE",
     Show::column,
     [](const ResultAnswer& answer) { return Value(answer.outcome->samples.coverage()); }},
    {"samples",
     "STATUSES",
     Show::json,
     [](const ResultAnswer& answer) {
       return json_value([&](JsonWriter& json) { evaluation::write_counts(json, answer.outcome->samples); });
     }},
    {"metrics",
     "METRICS",
     Show::json,
     [](const ResultAnswer& answer) {
       return json_value([&](JsonWriter& json) { evaluation::write_means(json, *answer.outcome); });
     }},
    {"signatures",
     "SIGNATURES",
     Show::json,
     [](const ResultAnswer& answer) {
       return json_value([&](JsonWriter& json) { evaluation::write_signatures(json, *answer.outcome); });
     }},
}};

/// Where results.json is, as LUMI_STORAGE writes places: "file:jobs/results/...", "s3://bucket/jobs/results/...".
std::string location_of(const store::JobRecord& job) {
  const auto storage = job.storage_url.value_or("");
  return storage + (storage.ends_with(':') || storage.ends_with('/') ? "" : "/") + job.result_key.value_or("");
}

void bind(OptionSet& set, JobResultOptions& options) {
  set.positional("ID", options.id, "The job, or the first characters of its id").completes(Completes::job);
}

ExitCode run(const JobResultOptions& options, Context& context) {
  const auto job = context.jobs().get(options.id);
  const auto results = context.jobs().results(job.id);
  if (context.options().json) {
    const ResultAnswer answer{job.id, location_of(job), &results.outcome()};
    show_item(context.streams(), context.view(), grid_of(k_result_fields, std::vector{answer}));
  } else {
    show_scores(context.streams(), context.view(), results.outcome());
  }
  return ExitCode::done;
}

}  // namespace

Command job_result_command() {
  return command<JobResultOptions>(
      {.path = "job result",
       .summary = "Show what a job came to: scores, coverage and where the file is",
       .description = "In a pipe this prints one line per score: its name, mean, and how many samples have it.",
       .examples = {{"the means", "lumi job result 3f2a91c0 --json=metrics"}},
       .json_fields = names_of(k_result_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
