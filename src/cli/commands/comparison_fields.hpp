#pragma once
#include "cli/io/value.hpp"
#include "core/services/comparison.hpp"

#include <array>
#include <string>
#include <vector>

namespace lumi::cli {

/// A comparison with what it was asked to do.
struct ComparisonAnswer {
  std::string baseline_id;
  services::ComparisonRequest request;
  std::vector<services::CandidateComparison> candidates;
};

/// One score of one candidate: a line of what a pipe gets.
struct ComparisonLine {
  const std::string* candidate_id;
  const comparison::ScoreComparison* score;
};

/// The lines of a comparison, in order.
std::vector<ComparisonLine> lines_of(const ComparisonAnswer& answer);

/// All lines as a JSON array.
Value comparisons_of(const ComparisonAnswer& answer);

extern const std::array<Field<ComparisonAnswer>, 5> k_comparison_fields;
extern const std::array<Field<ComparisonLine>, 19> k_comparison_line_fields;

}  // namespace lumi::cli
