#include "core/statistics/paired_test.hpp"

#include "core/metrics/mean.hpp"
#include "core/statistics/pcg64.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace lumi::statistics {

namespace {

double share_of_extremes(std::uint64_t extremes, std::uint64_t draws) {
  return static_cast<double>(extremes + 1) / static_cast<double>(draws + 1);
}

/// Bits of a stream of random words, the lowest of each first, as numpy draws booleans.
class RandomBits {
public:
  explicit RandomBits(std::uint64_t seed) : random_(seed) {}

  bool next() {
    if (left_ == 0) {
      word_ = random_.next32();
      left_ = 32;
    }
    const bool bit = (word_ & 1U) != 0;
    word_ >>= 1U;
    --left_;
    return bit;
  }

private:
  Pcg64 random_;
  std::uint32_t word_ = 0;
  int left_ = 0;
};

/// The means of two systems that have changed places on some samples.
std::pair<double, double>
swapped_means(std::span<const double> baseline, std::span<const double> candidate, RandomBits& swaps) {
  constexpr std::size_t k_block = 128;
  std::array<double, k_block> a{};
  std::array<double, k_block> b{};
  metrics::PairwiseMean a_mean(baseline.size());
  metrics::PairwiseMean b_mean(baseline.size());
  for (std::size_t done = 0; done < baseline.size();) {
    const auto count = std::min(k_block, baseline.size() - done);
    for (std::size_t i = 0; i < count; ++i) {
      const bool is_swapped = swaps.next();
      a[i] = is_swapped ? baseline[done + i] : candidate[done + i];
      b[i] = is_swapped ? candidate[done + i] : baseline[done + i];
    }
    a_mean.add(std::span(a).first(count));
    b_mean.add(std::span(b).first(count));
    done += count;
  }
  return {a_mean.mean(), b_mean.mean()};
}

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
  // What is as extreme but for rounding is as extreme.
  constexpr double k_rounding = 1e-9;
  const double real = (1 - k_rounding) * std::abs(metrics::pairwise_mean(candidate) - metrics::pairwise_mean(baseline));
  RandomBits swaps(how.seed);
  std::uint64_t extremes = 0;
  for (std::uint64_t trial = 0; trial < how.trials; ++trial) {
    const auto [a, b] = swapped_means(baseline, candidate, swaps);
    extremes += std::abs(a - b) >= real ? 1U : 0U;
  }
  return share_of_extremes(extremes, how.trials);
}

}  // namespace lumi::statistics
