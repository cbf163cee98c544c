#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/comparison_fields.hpp"
#include "cli/commands/comparison_view.hpp"
#include "cli/commands/party_argument.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"

#include <algorithm>
#include <iterator>

namespace lumi::cli {

namespace {

struct CompareOptions {
  std::vector<std::string> evaluations;
  std::optional<std::string> experiment;
  std::vector<std::string> metrics;
  std::string alpha = "0.05";
  std::string min_effect = "0";
  std::int64_t seed = 12345;
  bool fail_on_regression = false;
};

void bind(OptionSet& set, CompareOptions& options) {
  set.positional("EVALUATION",
                 options.evaluations,
                 "The baseline, then candidates: jobs, workflows, names of baselines, or files with results")
      .completes(Completes::job);
  set.option(
         "--experiment", "ID", options.experiment, "Compare its workflows: with the first, or with the baseline given")
      .completes(Completes::experiment);
  set.list("--metric", "METRIC", options.metrics, "Metrics or single scores such as rougeL")
      .completes(Completes::metric)
      .synonym("--metrics")
      .shows_default("all that both have");
  set.option("--alpha", "P", options.alpha, "A difference counts if its adjusted p-value is below this");
  set.option("--min-effect", "X", options.min_effect, "and if the means differ by at least this");
  set.option("--seed", "N", options.seed, "Of the random numbers that resample");
  set.flag("--fail-on-regression", options.fail_on_regression, "Exit with 9 if a candidate is worse on any score");
}

double number_of(const char* flag, const std::string& text, double most) {
  const auto number = parse_real(text);
  if (!number || !(*number >= 0 && *number <= most)) {
    throw Error(ErrorCode::usage, std::string(flag) + " needs a number from 0 on, not " + quote(text));
  }
  return *number;
}

services::ComparisonRequest request_of(const CompareOptions& options) {
  services::ComparisonRequest request;
  request.scores = options.metrics;
  request.threshold.alpha = number_of("--alpha", options.alpha, 1);
  request.threshold.min_effect = number_of("--min-effect", options.min_effect, 1e300);
  if (options.seed < 0) {
    throw Error(ErrorCode::usage, "--seed needs a number from 0 on, not " + std::to_string(options.seed));
  }
  request.threshold.seed = static_cast<std::uint64_t>(options.seed);
  return request;
}

// The baseline first.
std::vector<NamedParty> compared_parties(const CompareOptions& options, Context& context) {
  std::vector<NamedParty> parties;
  for (const auto& evaluation : options.evaluations) {
    parties.push_back(party_of(context, evaluation));
  }
  if (options.experiment) {
    for (auto& party : parties_of(context, *options.experiment)) {
      party.party.id = party.name;
      parties.push_back(std::move(party));
    }
  }
  if (parties.size() < 2) {
    throw Error(ErrorCode::usage,
                "a comparison needs a baseline and a candidate",
                "'lumi job list --type evaluator' shows evaluations; --experiment compares all of an experiment");
  }
  return parties;
}

ExitCode run(const CompareOptions& options, Context& context) {
  ComparisonAnswer answer;
  answer.request = request_of(options);
  const auto parties = compared_parties(options, context);
  const auto& baseline = parties.front().party;
  std::vector<const comparison::Party*> candidates;
  std::transform(parties.begin() + 1, parties.end(), std::back_inserter(candidates), [](const NamedParty& named) {
    return &named.party;
  });
  auto& streams = context.streams();
  {
    Progress progress(streams, "comparing", Counts::rows);
    answer.candidates = services::ComparisonService::compare(
        baseline, candidates, answer.request, [&](auto done, auto total) { progress.update(done, total); });
  }
  answer.baseline_id = baseline.id;
  if (context.options().json) {
    show_item(streams, context.view(), grid_of(k_comparison_fields, std::vector{answer}));
  } else if (streams.out_terminal() == Terminal::yes) {
    show_comparison(streams, answer);
  } else {
    const auto lines = lines_of(answer);
    show_listing(streams, context.view(), grid_of(k_comparison_line_fields, lines), lines.size(), "no scores");
  }
  if (options.fail_on_regression) {
    streams.flush();
    throw_if_worse(answer);
  }
  return ExitCode::done;
}

}  // namespace

Command compare_command() {
  return command<CompareOptions>(
      {.path = "compare",
       .summary = "Say whether one evaluation is better than another, or whether that is not decided",
       .description =
           "Compares row by row: the rows must have the same ground truths, and the metrics the same signatures. "
           "Each score gets the difference of the means (candidate - baseline) with its 95 % bootstrap interval, and "
           "the "
           "p-value of an approximate randomisation (10,000 trials), adjusted by Holm's method over all scores and "
           "candidates. --json also has those of the paired bootstrap, of Wilcoxon's and, for scores that are 0 or 1, "
           "of McNemar's test, the effect size, and the samples that changed most.",
       .examples = {{"is the new model better?", "lumi compare 3f2a91c0 8c1d77e2"},
                    {"than what has a name", "lumi compare main 8c1d77e2"},
                    {"all models of an experiment", "lumi compare --experiment 4e1c09a7"},
                    {"in CI, against results that were committed",
                     "lumi compare baselines/main.json 8c1d77e2 --metric rougeL --fail-on-regression"}},
       .json_fields = names_of(k_comparison_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
