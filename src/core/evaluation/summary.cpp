#include "core/evaluation/summary.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace lumi::evaluation {

namespace {

// Calls `visit(row, value)` for the numbers of a column that are not null.
template <class Visit>
void for_each_number(const ScoreTable& scores, std::size_t column, Visit&& visit) {
  scores.for_each_block(column, [&](std::uint64_t first_row, std::span<const double> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isnan(values[i])) {
        visit(first_row + i, values[i]);
      }
    }
  });
}

struct Candidate {
  double value = 0;
  std::uint64_t row = 0;
};

bool has_name(const ScoreLabel& label, std::string_view name) {
  const auto& metric = label.metric->name;
  const auto& mean = label.field->mean_name;
  return name == label.name || name == label.field->name || name == metric + "." + mean ||
         name == metric + "_" + mean || name == metric + "." + label.field->name;
}

}  // namespace

Histogram histogram(const ScoreTable& scores, std::size_t column, std::size_t bins) {
  double least = std::numeric_limits<double>::infinity();
  double greatest = -least;
  std::uint64_t numbers = 0;
  for_each_number(scores, column, [&](std::uint64_t, double value) {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
    ++numbers;
  });
  Histogram result;
  result.bins.assign(bins, 0);
  result.nulls = scores.rows(column) - numbers;
  if (numbers > 0 && (least < 0 || greatest > 1)) {
    result.low = least;
    result.high = greatest;
  }
  const double width = result.high - result.low;
  for_each_number(scores, column, [&](std::uint64_t, double value) {
    const double place = width > 0 ? (value - result.low) / width * static_cast<double>(bins) : 0;
    ++result.bins[std::min(bins - 1, static_cast<std::size_t>(place))];
  });
  return result;
}

ScoreLabel ranking_field(const Outcome& outcome, std::optional<std::string_view> name) {
  const auto labels = score_labels(outcome);
  if (labels.empty()) {
    throw Error(ErrorCode::usage, "there are no scores to rank samples by");
  }
  if (!name) {
    const auto& fields = outcome.metrics.front().fields;
    return labels[fields.size() - 1];
  }
  std::vector<ScoreLabel> found;
  std::vector<std::string> names;
  for (const auto& label : labels) {
    names.push_back(label.name);
    if (has_name(label, *name)) {
      found.push_back(label);
    }
  }
  if (found.empty()) {
    if (const auto* metric = find_metric(outcome, *name)) {
      return *std::find_if(labels.begin(), labels.end(), [&](const auto& label) { return label.metric == metric; });
    }
    auto hint = did_you_mean(*name, names);
    throw Error(ErrorCode::usage,
                "unknown metric " + quote(*name) + " in these results",
                hint.empty() ? "there are " + join(names, ", ") : std::move(hint));
  }
  if (found.size() > 1) {
    throw Error(ErrorCode::usage,
                quote(*name) + " may mean " + found[0].metric->name + "." + found[0].field->name + " or " +
                    found[1].metric->name + "." + found[1].field->name,
                "write one of them in full");
  }
  return found.front();
}

std::vector<std::uint64_t> rank_rows(
    const Outcome& outcome, const ScoreLabel& by, End end, std::size_t count, std::optional<SampleStatus> status) {
  const bool wants_low = (end == End::worst) == by.metric->higher_is_better;
  const auto comes_first = [&](const Candidate& a, const Candidate& b) {
    if (a.value != b.value) {
      return wants_low ? a.value < b.value : a.value > b.value;
    }
    return a.row < b.row;
  };
  RowCursor statuses(outcome.scores, {outcome.status_column});
  // A heap whose top is the candidate that would go first if a better one came.
  std::vector<Candidate> kept;
  for_each_number(outcome.scores, by.field->column, [&](std::uint64_t row, double value) {
    if (count == 0 || (status && statuses.at(row).front() != static_cast<double>(*status))) {
      return;
    }
    const Candidate candidate{value, row};
    if (kept.size() == count) {
      if (!comes_first(candidate, kept.front())) {
        return;
      }
      std::pop_heap(kept.begin(), kept.end(), comes_first);
      kept.pop_back();
    }
    kept.push_back(candidate);
    std::push_heap(kept.begin(), kept.end(), comes_first);
  });
  std::sort_heap(kept.begin(), kept.end(), comes_first);
  std::vector<std::uint64_t> rows;
  for (const auto& candidate : kept) {
    rows.push_back(candidate.row);
  }
  return rows;
}

SampleRow OwnedSample::row() const {
  return {
      number, status, prediction, ground_truth ? std::optional<std::string_view>(*ground_truth) : std::nullopt, scores};
}

std::vector<OwnedSample> pick_samples(const SampleSource& source, const std::vector<std::uint64_t>& rows) {
  std::map<std::uint64_t, std::size_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    places.emplace(rows[i], i);
  }
  std::vector<OwnedSample> samples(rows.size());
  std::uint64_t row = 0;
  auto next = places.begin();
  if (next == places.end()) {
    return samples;
  }
  source([&](const SampleRow& sample) {
    if (row++ == next->first) {
      auto& owned = samples[next->second];
      owned.number = sample.number;
      owned.status = sample.status;
      owned.prediction = sample.prediction;
      owned.ground_truth = sample.ground_truth;
      owned.scores.assign(sample.scores.begin(), sample.scores.end());
      ++next;
    }
    return next != places.end();
  });
  return samples;
}

}  // namespace lumi::evaluation
