#pragma once
#include "core/comparison/score_comparison.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lumi::comparison {

/// Who is best on one score, and which of the others that is decided against.
struct Ranking {
  std::string score;
  bool higher_is_better = true;
  std::string leader;  ///< the best mean
  double mean = 0;     ///< of the leader
  std::vector<std::string> beaten;
  std::vector<std::string> not_beaten;  ///< where the difference may be chance
};

/// Ranks two or more parties by the score that rows are ranked by (the last metric's first field that says most): the
/// leader is compared with each of the others as `compare_score` does, adjusted over all of them. Nothing where they
/// cannot be compared, or none has a number.
std::optional<Ranking> rank(const std::vector<const Party*>& parties, const Threshold& threshold);

}  // namespace lumi::comparison
