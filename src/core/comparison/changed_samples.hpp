#pragma once
#include "core/comparison/likeness.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::comparison {

/// A sample that two systems answered differently well.
struct ChangedSample {
  std::uint64_t row = 0;  ///< from 1
  double baseline = 0;
  double candidate = 0;
  std::optional<std::string> ground_truth;
  std::string baseline_prediction;
  std::string candidate_prediction;
};

/// The `count` samples whose `score` changed most, the largest change first, equal ones in the order of the rows.
/// Unchanged samples and those without a number are left out.
std::vector<ChangedSample>
changed_samples(const Party& baseline, const Party& candidate, const std::string& score, std::size_t count);

}  // namespace lumi::comparison
