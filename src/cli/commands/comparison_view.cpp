#include "cli/commands/comparison_view.hpp"

#include "base/decimals.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/io/score_view.hpp"
#include "cli/io/view.hpp"

#include <cmath>

namespace lumi::cli {

namespace {

using comparison::Finding;

constexpr int k_digits = 4;

Style style_of(Finding finding) {
  return finding == Finding::better ? Style::green : finding == Finding::worse ? Style::red : Style::dim;
}

void show_table(Streams& streams, const services::CandidateComparison& found) {
  std::vector<std::vector<std::string>> cells{{}};
  for (const auto* title : {"SCORE", "BASELINE", "CANDIDATE", "DIFFERENCE", "95 % INTERVAL", "P", "W/T/L", "FINDING"}) {
    cells.front().push_back(streams.styled_out(title, Style::bold));
  }
  for (const auto& score : found.scores) {
    const auto& ranks = score.ranks;
    const auto wins = score.higher_is_better ? ranks.positive : ranks.negative;
    const auto losses = score.higher_is_better ? ranks.negative : ranks.positive;
    cells.push_back({score.score,
                     decimals(score.baseline, k_digits),
                     decimals(score.candidate, k_digits),
                     signed_decimals(score.bootstrap.difference, k_digits),
                     signed_decimals(score.bootstrap.interval.low, k_digits) + " to " +
                         signed_decimals(score.bootstrap.interval.high, k_digits),
                     comparison::p_value_text(score.p_adjusted),
                     std::to_string(wins) + "/" + std::to_string(ranks.zero) + "/" + std::to_string(losses),
                     streams.styled_out(std::string(comparison::to_text(score.finding)), style_of(score.finding))});
  }
  streams.out().write(aligned_table(cells, streams.width()));
}

void show_changes(Streams& streams, const services::CandidateComparison& found) {
  if (found.changes.empty()) {
    return;
  }
  streams.out().write(
      "\n" + streams.styled_out("samples that changed most, by " + found.scores.back().score, Style::bold) + "\n");
  for (const auto& sample : found.changes) {
    streams.out().write(streams.styled_out("row " + std::to_string(sample.row), Style::bold) + "  " +
                        decimals(sample.baseline, k_digits) + " to " + decimals(sample.candidate, k_digits) + "\n");
    streams.out().write("  " + word_diff(streams, sample.baseline_prediction, sample.candidate_prediction) + "\n");
    if (sample.ground_truth) {
      streams.out().write("  ground truth  " + printable(*sample.ground_truth) + "\n");
    }
  }
}

std::string names_with(const services::CandidateComparison& found, Finding finding) {
  std::vector<std::string> names;
  for (const auto& score : found.scores) {
    if (score.finding == finding) {
      names.push_back(score.score);
    }
  }
  return join(names, ", ");
}

}  // namespace

std::string short_name(const std::string& id) {
  constexpr std::size_t k_short = 8;
  constexpr std::size_t k_uuid = 36;
  return id.size() == k_uuid && id.find('/') == std::string::npos ? id.substr(0, k_short) : id;
}

std::string sentence_of(std::string_view baseline_name,
                        std::string_view candidate_name,
                        const services::CandidateComparison& found) {
  const auto better = names_with(found, Finding::better);
  const auto worse = names_with(found, Finding::worse);
  const auto undecided = names_with(found, Finding::undecided);
  std::string text(candidate_name);
  if (better.empty() && worse.empty()) {
    return text + " and " + std::string(baseline_name) + ": it is not decided which is better";
  }
  text += better.empty() ? "" : " is better than " + std::string(baseline_name) + " on " + better;
  text += worse.empty()    ? ""
          : better.empty() ? " is worse than " + std::string(baseline_name) + " on " + worse
                           : " and worse on " + worse;
  return text + (undecided.empty() ? "" : "; not decided: " + undecided);
}

void throw_if_worse(const ComparisonAnswer& answer) {
  std::vector<std::string> worse;
  for (const auto& line : lines_of(answer)) {
    if (line.score->finding == comparison::Finding::worse) {
      worse.push_back(short_name(*line.candidate_id) + " is worse on " + line.score->score + " by " +
                      json_number(std::abs(line.score->bootstrap.difference)));
    }
  }
  if (!worse.empty()) {
    throw Error(ErrorCode::gate_failed, join(worse, "; "));
  }
}

void show_comparison(Streams& streams, const ComparisonAnswer& answer) {
  const auto baseline = short_name(answer.baseline_id);
  for (const auto& candidate : answer.candidates) {
    const auto name = short_name(candidate.id);
    streams.out().write(streams.styled_out(name, Style::bold) + " beside " + baseline + ", " +
                        std::to_string(candidate.scores.front().pairs) + " samples\n\n");
    show_table(streams, candidate);
    streams.out().write("\n" + sentence_of(baseline, name, candidate) + ".\n");
    show_changes(streams, candidate);
    streams.out().write("\n");
  }
}

}  // namespace lumi::cli
