#pragma once
#include <cstdint>

namespace lumi::statistics {

/// The two-sided p-value of McNemar's exact test (McNemar, "Note on the Sampling Error of the Difference Between
/// Correlated Proportions", 1947): of all samples on which just one of two systems is right, `first` are the one's and
/// `second` the other's. 1 where there are none.
double mcnemar(std::uint64_t first, std::uint64_t second);

}  // namespace lumi::statistics
