#include "core/statistics/wilcoxon.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace lumi::statistics {

namespace {

constexpr std::size_t k_most_exact = 50;

/// The share of the 2^count ways to choose ranks 1..count whose sum is at most `sum`.
double share_at_most(std::size_t count, double sum) {
  const std::size_t most = count * (count + 1) / 2;
  std::vector<double> ways(most + 1, 0);
  ways[0] = 1;
  for (std::size_t rank = 1; rank <= count; ++rank) {
    for (std::size_t at = most; at >= rank; --at) {
      ways[at] += ways[at - rank];
    }
  }
  double share = 0;
  for (std::size_t at = 0; at <= most && static_cast<double>(at) <= sum; ++at) {
    share += ways[at];
  }
  return std::ldexp(share, -static_cast<int>(count));
}

/// Adds up the ranks of the differences, sorted by size; returns what ties take from the variance.
double add_ranks(const std::vector<double>& sorted, SignedRanks& ranks) {
  double ties = 0;
  for (std::size_t first = 0; first < sorted.size();) {
    std::size_t end = first + 1;
    while (end < sorted.size() && std::abs(sorted[end]) == std::abs(sorted[first])) {
      ++end;
    }
    const auto size = static_cast<double>(end - first);
    const double rank = static_cast<double>(first + 1 + end) / 2;
    for (; first < end; ++first) {
      (sorted[first] > 0 ? ranks.positive_ranks : ranks.negative_ranks) += rank;
    }
    ties += size * size * size - size;
  }
  return ties;
}

}  // namespace

double SignedRanks::effect() const {
  const double all = positive_ranks + negative_ranks;
  return all == 0 ? 0 : (positive_ranks - negative_ranks) / all;
}

SignedRanks wilcoxon(std::span<const double> differences) {
  SignedRanks ranks;
  std::vector<double> sorted;
  for (const double difference : differences) {
    ++(difference > 0 ? ranks.positive : difference < 0 ? ranks.negative : ranks.zero);
    if (difference != 0) {
      sorted.push_back(difference);
    }
  }
  if (sorted.empty()) {
    return ranks;
  }
  std::sort(sorted.begin(), sorted.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  const double ties = add_ranks(sorted, ranks);
  const auto count = static_cast<double>(sorted.size());
  const double least = std::min(ranks.positive_ranks, ranks.negative_ranks);
  if (sorted.size() <= k_most_exact && ties == 0 && ranks.zero == 0) {
    ranks.p_value = std::min(1.0, 2 * share_at_most(sorted.size(), least));
    return ranks;
  }
  const double expected = count * (count + 1) / 4;
  const double variance = (count * (count + 1) * (2 * count + 1) - ties / 2) / 24;
  const double z = (least - expected) / std::sqrt(variance);
  ranks.p_value = std::erfc(std::abs(z) / std::numbers::sqrt2);
  return ranks;
}

}  // namespace lumi::statistics
