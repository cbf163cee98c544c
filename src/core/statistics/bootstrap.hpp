#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace lumi::statistics {

/// How to resample.
struct Resampling {
  std::uint64_t resamples = 1000;
  std::uint64_t seed = 12345;
  double confidence = 0.95;  ///< of the interval, between 0 and 1
};

/// Where a figure lies with the chosen confidence.
struct Interval {
  double low = 0;
  double high = 0;
};

/// The means of resamples (drawn with replacement) of `values`, in the order in which they are drawn: numpy's
/// `values[default_rng(seed).choice(n, (resamples, n))].mean(axis=1)`, to the bit. Needs a value, and fewer than 2^32.
std::vector<double> resampled_means(std::span<const double> values, const Resampling& how);

/// The percentile interval of numbers in any order, between them linear as `numpy.percentile` (Efron, "Bootstrap
/// Methods: Another Look at the Jackknife", 1979).
Interval percentile_interval(std::vector<double> numbers, double confidence);

/// The percentile bootstrap interval of the mean of `values`.
Interval bootstrap_interval(std::span<const double> values, const Resampling& how);

}  // namespace lumi::statistics
