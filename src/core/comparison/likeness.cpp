#include "core/comparison/likeness.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>

namespace lumi::comparison {

namespace {

Error unlike(const Party& baseline, const Party& candidate, const std::string& why) {
  return {ErrorCode::usage,
          quote(baseline.id) + " and " + quote(candidate.id) + " cannot be compared: " + why,
          "compare evaluations of the same rows with the same metrics"};
}

/// One number for each ground truth; 0 for one that is missing.
std::vector<std::size_t> truths_of(const evaluation::ResultsReader& results) {
  std::vector<std::size_t> truths;
  results.for_each([&](const evaluation::SampleRow& row) {
    truths.push_back(row.ground_truth ? std::hash<std::string_view>()(*row.ground_truth) : 0);
    return true;
  });
  return truths;
}

/// The first row, from 1, whose ground truths differ.
std::optional<std::size_t> first_other_truth(const Party& baseline, const Party& candidate) {
  const auto first = truths_of(baseline.results);
  const auto second = truths_of(candidate.results);
  const auto [at, ignored] = std::mismatch(first.begin(), first.end(), second.begin(), second.end());
  return at == first.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - first.begin()) + 1);
}

}  // namespace

void check_alike(const Party& baseline, const Party& candidate) {
  const auto& one = baseline.results.outcome();
  const auto& other = candidate.results.outcome();
  if (one.rows != other.rows) {
    throw unlike(baseline,
                 candidate,
                 "one has " + std::to_string(one.rows) + " samples, the other " + std::to_string(other.rows));
  }
  std::size_t common = 0;
  for (const auto& metric : one.metrics) {
    const auto* same = evaluation::find_metric(other, metric.name);
    common += same == nullptr ? 0U : 1U;
    if (same != nullptr && same->signature != metric.signature) {
      throw unlike(baseline,
                   candidate,
                   "their " + metric.name + " was computed differently: " + metric.signature + " and " +
                       same->signature);
    }
  }
  if (common == 0) {
    throw unlike(baseline, candidate, "they have no metric in common");
  }
  if (const auto row = first_other_truth(baseline, candidate)) {
    throw unlike(baseline, candidate, "row " + std::to_string(*row) + " has another ground truth");
  }
}

}  // namespace lumi::comparison
