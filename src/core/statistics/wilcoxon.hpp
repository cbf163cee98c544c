#pragma once
#include <cstdint>
#include <span>

namespace lumi::statistics {

/// What Wilcoxon's signed-rank test says about paired differences.
struct SignedRanks {
  std::uint64_t positive = 0;  ///< how many differences are above 0
  std::uint64_t negative = 0;
  std::uint64_t zero = 0;  ///< left out of the test
  double positive_ranks = 0;
  double negative_ranks = 0;
  double p_value = 1;  ///< two-sided; 1 where no difference is left

  /// The matched-pairs rank-biserial correlation (Kerby, "The Simple Difference Formula", 2014), between -1 and 1; 0
  /// where no difference is left.
  double effect() const;
};

/// The signed-rank test (Wilcoxon, "Individual Comparisons by Ranking Methods", 1945) of differences, equal ones
/// sharing their ranks: exact for up to 50 differences without ties, else by the normal distribution with the variance
/// that ties leave, without a correction for continuity. The p-value is that of `scipy.stats.wilcoxon` (1.9 to 1.14).
SignedRanks wilcoxon(std::span<const double> differences);

}  // namespace lumi::statistics
