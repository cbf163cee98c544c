#include "core/statistics/paired_test.hpp"

#include "core/metrics/mean.hpp"
#include "core/statistics/pcg64.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace lumi::statistics {

namespace {

double share_of_extremes(std::uint64_t extremes, std::uint64_t draws) {
  return static_cast<double>(extremes + 1) / static_cast<double>(draws + 1);
}

/// The sum of the differences, each with the sign that a random bit gives it. Bits come from a stream of random words,
/// the lowest of each first, as numpy draws booleans.
class SignFlipper {
public:
  SignFlipper(std::vector<double> differences, std::uint64_t seed)
      : differences_(std::move(differences)), random_(seed) {}

  double next_sum() {
    std::array<double, k_lanes> sums{};
    std::size_t at = 0;
    for (; left_ > 0 && at < differences_.size(); ++at) {
      sums[0] += signed_by(differences_[at], next_bits());
    }
    for (; at + k_bits <= differences_.size(); at += k_bits) {
      const auto word = random_.next32();
      for (std::size_t i = 0; i < k_bits; ++i) {
        sums[i % k_lanes] += signed_by(differences_[at + i], word >> i);
      }
    }
    for (; at < differences_.size(); ++at) {
      sums[0] += signed_by(differences_[at], next_bits());
    }
    return std::accumulate(sums.begin(), sums.end(), 0.0);
  }

private:
  static constexpr std::size_t k_bits = 32;
  static constexpr std::size_t k_lanes = 8;

  static double signed_by(double value, std::uint32_t bits) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ (std::uint64_t{bits} << 63U));
  }

  /// Bits of which the lowest is the next one.
  std::uint32_t next_bits() {
    if (left_ == 0) {
      word_ = random_.next32();
      left_ = k_bits;
    }
    return word_ >> (k_bits - left_--);
  }

  std::vector<double> differences_;
  Pcg64 random_;
  std::uint32_t word_ = 0;
  std::size_t left_ = 0;
};

}  // namespace

PairedDifference
paired_bootstrap(std::span<const double> baseline, std::span<const double> candidate, const Resampling& how) {
  PairedDifference result;
  if (std::ranges::equal(baseline, candidate)) {
    return result;
  }
  result.difference = metrics::pairwise_mean(candidate) - metrics::pairwise_mean(baseline);
  // The same seed draws the same samples.
  const auto base = resampled_means(baseline, how);
  auto differences = resampled_means(candidate, how);
  std::vector<double> sizes;
  sizes.reserve(base.size());
  for (std::size_t i = 0; i < base.size(); ++i) {
    differences[i] -= base[i];
    sizes.push_back(std::abs(differences[i]));
  }
  const double average = metrics::pairwise_mean(sizes);
  const auto is_extreme = [&](double size) { return size - average > std::abs(result.difference); };
  const auto extremes = std::count_if(sizes.begin(), sizes.end(), is_extreme);
  result.p_value = share_of_extremes(static_cast<std::uint64_t>(extremes), sizes.size());
  result.interval = percentile_interval(std::move(differences), how.confidence);
  return result;
}

double
approximate_randomization(std::span<const double> baseline, std::span<const double> candidate, const Shuffling& how) {
  if (std::ranges::equal(baseline, candidate)) {
    return 1;
  }
  std::vector<double> differences(candidate.begin(), candidate.end());
  double sum = 0;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    differences[i] -= baseline[i];
    sum += differences[i];
  }
  // What is as extreme but for rounding is as extreme.
  constexpr double k_rounding = 1e-9;
  const double real = (1 - k_rounding) * std::abs(sum);
  SignFlipper flipped(std::move(differences), how.seed);
  std::uint64_t extremes = 0;
  for (std::uint64_t trial = 0; trial < how.trials; ++trial) {
    extremes += std::abs(flipped.next_sum()) >= real ? 1U : 0U;
  }
  return share_of_extremes(extremes, how.trials);
}

}  // namespace lumi::statistics
