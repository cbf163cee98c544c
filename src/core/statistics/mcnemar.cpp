#include "core/statistics/mcnemar.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lumi::statistics {

double mcnemar(std::uint64_t first, std::uint64_t second) {
  const auto count = static_cast<double>(first + second);
  const auto fewer = std::min(first, second);
  if (first == second) {
    return 1;
  }
  // The binomial distribution with p = 1/2, term by term; its logarithm does not run out of range.
  double share = 0;
  double term = -count * std::numbers::ln2;
  for (std::uint64_t k = 0; k <= fewer; ++k) {
    share += std::exp(term);
    const auto done = static_cast<double>(k);
    term += std::log((count - done) / (done + 1));
  }
  return std::min(1.0, 2 * share);
}

}  // namespace lumi::statistics
