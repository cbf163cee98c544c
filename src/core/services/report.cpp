#include "core/services/report.hpp"

#include "base/error.hpp"
#include "core/services/comparison.hpp"

#include <utility>

namespace lumi::services {

namespace {

std::vector<comparison::ScoreComparison>
scores_beside(const comparison::Party& first, const comparison::Party& later, std::uint64_t seed) {
  comparison::check_alike(first, later);
  std::vector<comparison::ScoreComparison> scores;
  for (const auto& score : comparison::common_scores(first, later, {})) {
    scores.push_back(comparison::compare_score(first, later, score, seed));
  }
  return scores;
}

}  // namespace

report::Subject ReportService::job(std::string_view id, Timestamps timestamps) {
  const auto row = jobs_.get(id);
  auto party = ComparisonService(jobs_).job(row.id);
  const auto created = timestamps == Timestamps::yes ? std::optional(to_rfc3339(row.created_at)) : std::nullopt;
  return {row.name, created, std::move(party)};
}

report::Subject ReportService::file(const std::filesystem::path& path) {
  return {path.filename().string(), std::nullopt, ComparisonService::file(path)};
}

report::Report ReportService::make(std::vector<report::Subject> subjects, const comparison::Threshold& threshold) {
  report::Report report{std::move(subjects), {}, {}};
  const auto& first = report.subjects.front().party;
  for (std::size_t i = 1; i < report.subjects.size(); ++i) {
    try {
      report.comparisons.push_back({i, scores_beside(first, report.subjects[i].party, threshold.seed)});
    } catch (const Error& error) {
      if (error.code() != ErrorCode::usage) {
        throw;
      }
      report.remarks.emplace_back(error.what());
    }
  }
  std::vector<comparison::ScoreComparison*> family;
  for (auto& beside : report.comparisons) {
    for (auto& score : beside.scores) {
      family.push_back(&score);
    }
  }
  comparison::decide(family, threshold);
  return report;
}

}  // namespace lumi::services
