#pragma once
#include "core/report/report.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::report {

/// What a CI server should point at.
struct Problem {
  enum class Kind { missing_prediction, worse_score };

  Kind kind = Kind::missing_prediction;
  const Subject* subject = nullptr;
  std::string message;
  std::string what;                   ///< the row or the score: with the kind and the subject it names the problem
  std::optional<std::uint64_t> line;  ///< of the subject's file
};

/// Calls `visit` for every problem: samples without prediction first, in the order of subjects and rows, then scores
/// that are worse than the first subject's.
void for_each_problem(const Report& report, const std::function<void(const Problem&)>& visit);

/// The comparison of a subject's score with the first subject's, or null.
const comparison::ScoreComparison* find_comparison(const Report& report, std::size_t subject, std::string_view score);

}  // namespace lumi::report
