#include "core/comparison/score_comparison.hpp"

#include "base/decimals.hpp"
#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "core/evaluation/sample_row.hpp"
#include "core/metrics/mean.hpp"
#include "core/statistics/holm.hpp"
#include "core/statistics/mcnemar.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lumi::comparison {

namespace {

using evaluation::ScoreLabel;

const ScoreLabel* find_label(const std::vector<ScoreLabel>& labels, std::string_view name) {
  const auto found = std::ranges::find_if(labels, [&](const ScoreLabel& label) { return label.name == name; });
  return found == labels.end() ? nullptr : &*found;
}

/// Drops the samples on which either list has no number; returns how many.
std::uint64_t drop_unpaired(std::vector<double>& baseline, std::vector<double>& candidate) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < baseline.size(); ++i) {
    if (!std::isnan(baseline[i]) && !std::isnan(candidate[i])) {
      baseline[kept] = baseline[i];
      candidate[kept] = candidate[i];
      ++kept;
    }
  }
  const auto dropped = baseline.size() - kept;
  baseline.resize(kept);
  candidate.resize(kept);
  return dropped;
}

bool is_binary(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double value) { return value == 0 || value == 1; });
}

bool is_wanted(const ScoreLabel& label, const std::vector<std::string>& wanted) {
  return wanted.empty() || std::ranges::any_of(wanted, [&](const std::string& name) {
           return name == label.name || name == label.metric->name;
         });
}

void check_known(const std::vector<ScoreLabel>& labels, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& label : labels) {
    known.push_back(label.name);
    known.push_back(label.metric->name);
  }
  if (std::ranges::find(known, name) == known.end()) {
    throw Error(ErrorCode::usage, "both have no score " + quote(name), did_you_mean(name, known));
  }
}

}  // namespace

std::vector<double> values_of(const Party& party, const std::string& score) {
  const auto& outcome = party.results.outcome();
  const auto labels = evaluation::score_labels(outcome);
  const auto* label = find_label(labels, score);
  std::vector<double> values;
  values.reserve(outcome.rows);
  outcome.scores.for_each_block(label->field->column, [&](std::uint64_t, std::span<const double> block) {
    values.insert(values.end(), block.begin(), block.end());
  });
  return values;
}

std::vector<double> numbers_of(const Party& party, const std::string& score) {
  auto numbers = values_of(party, score);
  std::erase_if(numbers, [](double value) { return std::isnan(value); });
  return numbers;
}

std::string_view to_text(Finding finding) {
  switch (finding) {
  case Finding::better:
    return "better";
  case Finding::worse:
    return "worse";
  case Finding::undecided:
    break;
  }
  return "undecided";
}

std::string p_value_text(double p_value) { return p_value < 0.001 ? "<0.001" : decimals(p_value, 3); }

std::vector<std::string>
common_scores(const Party& baseline, const Party& candidate, const std::vector<std::string>& wanted) {
  const auto others = evaluation::score_labels(candidate.results.outcome());
  auto labels = evaluation::score_labels(baseline.results.outcome());
  std::erase_if(labels, [&](const ScoreLabel& label) { return find_label(others, label.name) == nullptr; });
  for (const auto& name : wanted) {
    check_known(labels, name);
  }
  std::vector<std::string> scores;
  for (const auto& label : labels) {
    if (is_wanted(label, wanted)) {
      scores.push_back(label.name);
    }
  }
  return scores;
}

ScoreComparison
compare_score(const Party& baseline, const Party& candidate, const std::string& score, std::uint64_t seed) {
  ScoreComparison result;
  result.score = score;
  const auto labels = evaluation::score_labels(baseline.results.outcome());
  result.higher_is_better = find_label(labels, score)->metric->higher_is_better;
  auto base = values_of(baseline, score);
  auto other = values_of(candidate, score);
  result.left_out = drop_unpaired(base, other);
  result.pairs = base.size();
  result.baseline = metrics::pairwise_mean(base);
  result.candidate = metrics::pairwise_mean(other);
  if (base.empty()) {
    return result;
  }
  statistics::Resampling resampling;
  resampling.seed = seed;
  result.bootstrap = statistics::paired_bootstrap(base, other, resampling);
  statistics::Shuffling shuffling;
  shuffling.seed = seed;
  result.p_value = statistics::approximate_randomization(base, other, shuffling);
  const bool is_yes_or_no = is_binary(base) && is_binary(other);
  for (std::size_t i = 0; i < base.size(); ++i) {
    other[i] -= base[i];
  }
  result.ranks = statistics::wilcoxon(other);
  if (is_yes_or_no) {
    result.mcnemar_p = statistics::mcnemar(result.ranks.positive, result.ranks.negative);
  }
  return result;
}

void decide(const std::vector<ScoreComparison*>& comparisons, const Threshold& threshold) {
  std::vector<double> p_values;
  for (const auto* comparison : comparisons) {
    p_values.push_back(comparison->p_value);
  }
  const auto adjusted = statistics::holm(p_values);
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    auto& comparison = *comparisons[i];
    comparison.p_adjusted = adjusted[i];
    const double difference = comparison.bootstrap.difference;
    if (adjusted[i] >= threshold.alpha || difference == 0 || std::abs(difference) < threshold.min_effect) {
      continue;
    }
    comparison.finding = (difference > 0) == comparison.higher_is_better ? Finding::better : Finding::worse;
  }
}

}  // namespace lumi::comparison
