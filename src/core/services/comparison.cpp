#include "core/services/comparison.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <memory>
#include <utility>

namespace lumi::services {

namespace {

constexpr std::uint64_t k_max_memory = 16ULL * 1024 * 1024;

comparison::Party with_scores(comparison::Party party) {
  if (party.results.outcome().metrics.empty()) {
    throw Error(ErrorCode::usage,
                quote(party.id) + " has no scores, so there is nothing to compare",
                "give evaluator jobs: 'lumi job list --type evaluator' shows them");
  }
  return party;
}

}  // namespace

comparison::Party ComparisonService::job(std::string_view id) {
  auto full_id = jobs_.resolve(id);
  auto results = jobs_.results(full_id);
  return with_scores({std::move(full_id), std::move(results)});
}

comparison::Party ComparisonService::file(const std::filesystem::path& path) {
  const auto open = [path] { return std::make_unique<FileSource>(path); };
  return with_scores({path.string(), evaluation::ResultsReader(open, path.string(), k_max_memory)});
}

std::vector<CandidateComparison>
ComparisonService::compare(const comparison::Party& baseline,
                           const std::vector<const comparison::Party*>& candidates,
                           const ComparisonRequest& request,
                           const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
  std::vector<CandidateComparison> found;
  std::uint64_t total = 0;
  for (const auto* candidate : candidates) {
    comparison::check_alike(baseline, *candidate);
    auto& entry = found.emplace_back();
    entry.id = candidate->id;
    for (auto& score : comparison::common_scores(baseline, *candidate, request.scores)) {
      entry.scores.emplace_back().score = std::move(score);
    }
    total += entry.scores.size();
  }
  std::vector<comparison::ScoreComparison*> family;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (auto& score : found[i].scores) {
      score = comparison::compare_score(baseline, *candidates[i], score.score, request.threshold.seed);
      family.push_back(&score);
      if (progress) {
        progress(family.size(), total);
      }
    }
    if (!found[i].scores.empty()) {
      found[i].changes =
          comparison::changed_samples(baseline, *candidates[i], found[i].scores.back().score, request.changes);
    }
  }
  comparison::decide(family, request.threshold);
  return found;
}

}  // namespace lumi::services
