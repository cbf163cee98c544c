#include "core/statistics/bootstrap.hpp"

#include "core/metrics/mean.hpp"
#include "core/statistics/pcg64.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace lumi::statistics {

namespace {

/// numpy.percentile of sorted numbers with its method "linear".
double quantile(std::span<const double> sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const double below = std::floor(at);
  const double part = at - below;
  const auto index = static_cast<std::size_t>(below);
  const double a = sorted[index];
  const double b = sorted[std::min(index + 1, sorted.size() - 1)];
  // From the nearer end, as numpy's lerp does.
  return part >= 0.5 ? b - (b - a) * (1 - part) : a + (b - a) * part;
}

double resampled_mean(std::span<const double> values, Pcg64& random) {
  constexpr std::size_t k_block = 128;
  std::array<double, k_block> block{};
  metrics::PairwiseMean mean(values.size());
  const auto bound = static_cast<std::uint32_t>(values.size());
  for (std::size_t done = 0; done < values.size();) {
    const auto count = std::min(k_block, values.size() - done);
    for (std::size_t i = 0; i < count; ++i) {
      block[i] = values[random.below(bound)];
    }
    mean.add(std::span(block).first(count));
    done += count;
  }
  return mean.mean();
}

}  // namespace

std::vector<double> resampled_means(std::span<const double> values, const Resampling& how) {
  Pcg64 random(how.seed);
  std::vector<double> means;
  means.reserve(how.resamples);
  for (std::uint64_t i = 0; i < how.resamples; ++i) {
    means.push_back(resampled_mean(values, random));
  }
  return means;
}

Interval percentile_interval(std::vector<double> numbers, double confidence) {
  std::sort(numbers.begin(), numbers.end());
  const double tail = (1 - confidence) / 2;
  return {quantile(numbers, tail), quantile(numbers, 1 - tail)};
}

Interval bootstrap_interval(std::span<const double> values, const Resampling& how) {
  return percentile_interval(resampled_means(values, how), how.confidence);
}

}  // namespace lumi::statistics
