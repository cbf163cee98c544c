#pragma once
#include "core/statistics/bootstrap.hpp"

#include <cstdint>
#include <span>

namespace lumi::statistics {

/// What a test says about the means of two systems on the same samples.
struct PairedDifference {
  double difference = 0;  ///< mean of the candidate - mean of the baseline
  Interval interval;      ///< of the difference, by the same resamples
  double p_value = 1;
};

/// The paired bootstrap of sacreBLEU (after Koehn, "Statistical Significance Tests for Machine Translation Evaluation",
/// 2004) on the means of per-sample values: both systems are resampled alike, and the p-value is the share of resamples
/// whose absolute difference is further above the average one than the real difference is from 0. Systems that are
/// alike on every sample have the p-value 1 here, and the least possible one there. The lists are of the same length,
/// at least 1.
PairedDifference
paired_bootstrap(std::span<const double> baseline, std::span<const double> candidate, const Resampling& how);

/// How often to swap.
struct Shuffling {
  std::uint64_t trials = 10'000;
  std::uint64_t seed = 12345;
};

/// The p-value of paired approximate randomisation (Noreen, "Computer-Intensive Methods for Testing Hypotheses", 1989)
/// on the means of per-sample values: in each trial the systems change places on about half of the samples, and it
/// counts if their difference is at least as large as the real one. Draws as sacreBLEU does, which counts only what is
/// larger: that would call three changed samples out of ten significant, since no trial can exceed them.
double
approximate_randomization(std::span<const double> baseline, std::span<const double> candidate, const Shuffling& how);

}  // namespace lumi::statistics
