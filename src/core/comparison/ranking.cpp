#include "core/comparison/ranking.hpp"

#include "base/error.hpp"
#include "core/evaluation/summary.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace lumi::comparison {

namespace {

double mean_of(const Party& party, const std::string& score) {
  for (const auto& label : evaluation::score_labels(party.results.outcome())) {
    if (label.name == score) {
      return label.field->mean;
    }
  }
  return std::nan("");
}

void decide_against(const Party& leader,
                    const std::vector<const Party*>& others,
                    const Threshold& threshold,
                    Ranking& ranking) {
  std::vector<ScoreComparison> comparisons;
  for (const auto* other : others) {
    check_alike(leader, *other);
    comparisons.push_back(compare_score(leader, *other, ranking.score, threshold.seed));
  }
  std::vector<ScoreComparison*> family;
  for (auto& comparison : comparisons) {
    family.push_back(&comparison);
  }
  decide(family, threshold);
  for (std::size_t i = 0; i < others.size(); ++i) {
    auto& list = comparisons[i].finding == Finding::worse ? ranking.beaten : ranking.not_beaten;
    list.push_back(others[i]->id);
  }
}

}  // namespace

std::optional<Ranking> rank(const std::vector<const Party*>& parties, const Threshold& threshold) {
  try {
    const auto by = evaluation::ranking_field(parties.front()->results.outcome(), std::nullopt);
    Ranking ranking;
    ranking.score = by.name;
    ranking.higher_is_better = by.metric->higher_is_better;
    const Party* leader = nullptr;
    for (const auto* party : parties) {
      const auto mean = mean_of(*party, ranking.score);
      if (!std::isnan(mean) &&
          (leader == nullptr || (ranking.higher_is_better ? mean > ranking.mean : mean < ranking.mean))) {
        leader = party;
        ranking.mean = mean;
      }
    }
    if (leader == nullptr) {
      return std::nullopt;
    }
    ranking.leader = leader->id;
    std::vector<const Party*> others;
    std::copy_if(
        parties.begin(), parties.end(), std::back_inserter(others), [&](const auto* party) { return party != leader; });
    decide_against(*leader, others, threshold, ranking);
    return ranking;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::usage) {
      throw;
    }
    return std::nullopt;
  }
}

}  // namespace lumi::comparison
