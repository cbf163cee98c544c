#pragma once
#include "core/comparison/changed_samples.hpp"
#include "core/comparison/score_comparison.hpp"
#include "core/services/job.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// What is compared with what, and when a difference counts.
struct ComparisonRequest {
  std::vector<std::string> scores;  ///< names of scores or metrics; none: all that they have in common
  comparison::Threshold threshold;
  std::size_t changes = 5;  ///< how many of the samples that changed most are kept
};

/// A candidate beside the baseline.
struct CandidateComparison {
  std::string id;
  std::vector<comparison::ScoreComparison> scores;
  std::vector<comparison::ChangedSample> changes;  ///< by the last score
};

/// Compares evaluations row by row.
class ComparisonService {
public:
  explicit ComparisonService(JobService& jobs) : jobs_(jobs) {}

  /// The results of an evaluator job. Throws as JobService::results, and `usage` for a job without scores.
  comparison::Party job(std::string_view id);

  /// A results.json in a file. Throws `not_found`, and `invalid_input` if it is none.
  static comparison::Party file(const std::filesystem::path& path);

  /// Compares each candidate with the baseline; all of their tests are one family for Holm's adjustment. `progress` is
  /// told how many scores of how many are compared. Throws `usage` for results that cannot be compared.
  static std::vector<CandidateComparison>
  compare(const comparison::Party& baseline,
          const std::vector<const comparison::Party*>& candidates,
          const ComparisonRequest& request,
          const std::function<void(std::uint64_t done, std::uint64_t total)>& progress = {});

private:
  JobService& jobs_;
};

}  // namespace lumi::services
