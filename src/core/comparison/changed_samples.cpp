#include "core/comparison/changed_samples.hpp"

#include "core/evaluation/summary.hpp"

#include <algorithm>
#include <cmath>

namespace lumi::comparison {

namespace {

/// One score of a party, row by row.
class ScoreRows {
public:
  ScoreRows(const Party& party, const std::string& score)
      : cursor_(party.results.outcome().scores,
                {evaluation::ranking_field(party.results.outcome(), score).field->column}) {}

  double at(std::uint64_t row) { return cursor_.at(row)[0]; }

private:
  evaluation::RowCursor cursor_;
};

struct Change {
  std::uint64_t row = 0;
  double baseline = 0;
  double candidate = 0;
  double size() const { return std::abs(candidate - baseline); }
};

std::vector<Change>
largest_changes(const Party& baseline, const Party& candidate, const std::string& score, std::size_t count) {
  ScoreRows base(baseline, score);
  ScoreRows other(candidate, score);
  std::vector<Change> changes;
  for (std::uint64_t row = 0; row < baseline.results.outcome().rows; ++row) {
    const Change change{row, base.at(row), other.at(row)};
    if (change.size() > 0) {  // false for NaN
      changes.push_back(change);
    }
  }
  const auto is_larger = [](const Change& a, const Change& b) {
    return a.size() > b.size() || (a.size() == b.size() && a.row < b.row);
  };
  const auto kept = std::min(count, changes.size());
  std::partial_sort(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(kept), changes.end(), is_larger);
  changes.resize(kept);
  return changes;
}

std::vector<evaluation::OwnedSample> texts_of(const Party& party, const std::vector<std::uint64_t>& rows) {
  const auto source = [&](const evaluation::SampleVisitor& visit) { party.results.for_each(visit); };
  return evaluation::pick_samples(source, rows);
}

}  // namespace

std::vector<ChangedSample>
changed_samples(const Party& baseline, const Party& candidate, const std::string& score, std::size_t count) {
  const auto changes = largest_changes(baseline, candidate, score, count);
  std::vector<std::uint64_t> rows;
  for (const auto& change : changes) {
    rows.push_back(change.row);
  }
  auto before = texts_of(baseline, rows);
  auto after = texts_of(candidate, rows);
  std::vector<ChangedSample> samples;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    samples.push_back({changes[i].row + 1,
                       changes[i].baseline,
                       changes[i].candidate,
                       std::move(before[i].ground_truth),
                       std::move(before[i].prediction),
                       std::move(after[i].prediction)});
  }
  return samples;
}

}  // namespace lumi::comparison
