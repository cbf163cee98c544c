#pragma once
#include "core/evaluation/outcome.hpp"
#include "core/evaluation/sample_row.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::evaluation {

/// How many numbers fall into each of some equally wide bins from `low` to `high`.
struct Histogram {
  double low = 0;
  double high = 1;
  std::vector<std::uint64_t> bins;
  std::uint64_t nulls = 0;
};

/// The histogram of a column: over 0 to 1 if all of its numbers lie there, else from the least to the greatest.
Histogram histogram(const ScoreTable& scores, std::size_t column, std::size_t bins);

/// The field by which samples are ranked: the one that `name` names as conditions do (`rougeL`, `rouge.rougeL_mean`,
/// `rouge_rougeL_mean`) or a metric (its first field); without a name, the last field of the first metric. Throws
/// `usage` for an unknown or ambiguous name and an outcome without metrics.
ScoreLabel ranking_field(const Outcome& outcome, std::optional<std::string_view> name);

/// Which end of a ranking.
enum class End { worst, best };

/// The rows (from 0) of the `count` samples at that end of the ranking, the most extreme first, ties in the order of
/// the file. Samples without a number are left out.
std::vector<std::uint64_t> rank_rows(
    const Outcome& outcome, const ScoreLabel& by, End end, std::size_t count, std::optional<SampleStatus> status = {});

/// A sample with texts of its own.
struct OwnedSample {
  std::uint64_t number = 0;
  SampleStatus status = SampleStatus::ok;
  std::string prediction;
  std::optional<std::string> ground_truth;
  std::vector<double> scores;

  /// A view, valid as long as this object.
  SampleRow row() const;
};

/// Something that visits all samples of an evaluation in order.
using SampleSource = std::function<void(const SampleVisitor&)>;

/// The samples of `rows`, in the order of `rows`, in one pass over `source`.
std::vector<OwnedSample> pick_samples(const SampleSource& source, const std::vector<std::uint64_t>& rows);

}  // namespace lumi::evaluation
