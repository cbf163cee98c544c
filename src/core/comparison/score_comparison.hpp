#pragma once
#include "core/comparison/likeness.hpp"
#include "core/statistics/paired_test.hpp"
#include "core/statistics/wilcoxon.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::comparison {

/// When a difference counts.
struct Threshold {
  double alpha = 0.05;    ///< the adjusted p-value must be below this
  double min_effect = 0;  ///< and the difference of the means at least this
  std::uint64_t seed = 12345;
};

/// What a comparison says about the candidate.
enum class Finding { better, worse, undecided };

/// "better", "worse" or "undecided".
std::string_view to_text(Finding finding);

/// A p-value for people: three digits behind the point, "<0.001" for what is smaller.
std::string p_value_text(double p_value);

/// One score of a candidate beside that of the baseline, over the samples on which both have a number.
struct ScoreComparison {
  std::string score;  ///< rougeL
  bool higher_is_better = true;
  std::uint64_t pairs = 0;
  std::uint64_t left_out = 0;  ///< samples on which either has none
  double baseline = 0;         ///< means; NaN without pairs
  double candidate = 0;
  statistics::PairedDifference bootstrap;  ///< candidate - baseline
  double p_value = 1;                      ///< of the approximate randomisation
  double p_adjusted = 1;                   ///< after Holm, over all scores and candidates of the comparison
  statistics::SignedRanks ranks;           ///< of the differences, sample by sample
  std::optional<double> mcnemar_p;         ///< for scores that are 0 or 1 only
  Finding finding = Finding::undecided;
};

/// The numbers of a score that the party has, row by row; NaN where a row has none.
std::vector<double> values_of(const Party& party, const std::string& score);

/// The numbers of a score that there are, in the order of the rows.
std::vector<double> numbers_of(const Party& party, const std::string& score);

/// The names of the scores that both have, in the order of the baseline; of `wanted` only, if it names any: a score
/// (`rougeL`) or a metric, which stands for all of its scores. Throws `usage` for a name that neither has.
std::vector<std::string>
common_scores(const Party& baseline, const Party& candidate, const std::vector<std::string>& wanted);

/// Compares one score. `p_adjusted` and `finding` are left to `decide`.
ScoreComparison
compare_score(const Party& baseline, const Party& candidate, const std::string& score, std::uint64_t seed);

/// Adjusts the p-values of a whole comparison, and says what each means.
void decide(const std::vector<ScoreComparison*>& comparisons, const Threshold& threshold);

}  // namespace lumi::comparison
