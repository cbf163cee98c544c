#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/io/score_view.hpp"
#include "core/services/job.hpp"

#include <limits>

namespace lumi::cli {

namespace {

struct JobSamplesOptions {
  std::string id;
  std::optional<std::int64_t> worst;
  std::optional<std::int64_t> best;
  std::optional<std::string> metric;
  std::optional<std::string> status;
  bool diff = false;
};

void bind(OptionSet& set, JobSamplesOptions& options) {
  set.positional("ID", options.id, "The job, or the first characters of its id").completes(Completes::job);
  set.option("--worst", "N", options.worst, "The N samples with the worst scores, worst first");
  set.option("--best", "N", options.best, "The N samples with the best scores, best first");
  set.option("--metric", "SCORE", options.metric, "The score to rank by, such as rougeL")
      .completes(Completes::metric)
      .shows_default("the last one of the first metric");
  set.option("--status", "STATUS", options.status, "Only samples with this status")
      .choices({"ok", "empty", "truncated", "refused", "error"});
  set.flag("--diff", options.diff, "Show the words in which prediction and ground truth differ");
}

/// Shows one sample, in whatever form the output has.
void show(const JobSamplesOptions& options,
          Context& context,
          const evaluation::Outcome& outcome,
          const evaluation::OwnedSample& sample) {
  auto& streams = context.streams();
  if (!context.options().json && streams.out_terminal() == Terminal::yes) {
    show_samples(streams, outcome, {sample}, options.diff ? SampleTexts::diff : SampleTexts::plain);
    return;
  }
  if (!context.options().json && options.diff) {
    streams.out().write(std::to_string(sample.number) + "\t" +
                        word_diff(streams, sample.ground_truth.value_or(""), sample.prediction) + "\n");
    return;
  }
  JsonWriter json(streams.out());
  evaluation::write_sample(json, evaluation::score_labels(outcome), sample.row());
  streams.out().write("\n");
}

std::size_t count_of(const JobSamplesOptions& options) {
  const auto count = options.worst ? *options.worst : *options.best;
  if (count < 0) {
    throw Error(ErrorCode::usage, "--worst and --best need a number of samples, not " + std::to_string(count));
  }
  return static_cast<std::size_t>(count);
}

ExitCode run(const JobSamplesOptions& options, Context& context) {
  if (options.worst && options.best) {
    throw Error(ErrorCode::usage, "--worst and --best exclude each other");
  }
  const auto results = context.jobs().results(options.id);
  const auto& outcome = results.outcome();
  const auto status = options.status ? evaluation::parse_sample_status(*options.status) : std::nullopt;
  if (options.worst || options.best) {
    const auto by = evaluation::ranking_field(outcome, options.metric);
    const auto end = options.worst ? evaluation::End::worst : evaluation::End::best;
    const auto rows = evaluation::rank_rows(outcome, by, end, count_of(options), status);
    const auto source = [&](const evaluation::SampleVisitor& visit) { results.for_each(visit); };
    for (const auto& sample : evaluation::pick_samples(source, rows)) {
      show(options, context, outcome, sample);
    }
    return ExitCode::done;
  }
  results.for_each([&](const evaluation::SampleRow& row) {
    if (!status || row.status == *status) {
      evaluation::OwnedSample sample{row.number, row.status, std::string(row.prediction), {}, {}};
      sample.ground_truth = row.ground_truth ? std::optional<std::string>(*row.ground_truth) : std::nullopt;
      sample.scores.assign(row.scores.begin(), row.scores.end());
      show(options, context, outcome, sample);
    }
    return true;
  });
  return ExitCode::done;
}

}  // namespace

Command job_samples_command() {
  return command<JobSamplesOptions>(
      {.path = "job samples",
       .summary = "Show the samples of an evaluation with their scores",
       .description = "Off a terminal and with --json this prints JSON Lines: one object a sample.",
       .examples = {{"the five worst, with what differs", "lumi job samples 3f2a91c0 --worst 5 --diff"},
                    {"those without a prediction", "lumi job samples 3f2a91c0 --status error"}}},
      bind,
      run);
}

}  // namespace lumi::cli
