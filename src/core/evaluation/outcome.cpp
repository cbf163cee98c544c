#include "core/evaluation/outcome.hpp"

#include <algorithm>

namespace lumi::evaluation {

const MetricOutcome* find_metric(const Outcome& outcome, std::string_view name) {
  const auto found = std::find_if(
      outcome.metrics.begin(), outcome.metrics.end(), [&](const auto& metric) { return metric.name == name; });
  return found == outcome.metrics.end() ? nullptr : &*found;
}

std::vector<std::size_t> score_columns(const Outcome& outcome) {
  std::vector<std::size_t> columns;
  for (const auto& metric : outcome.metrics) {
    for (const auto& field : metric.fields) {
      columns.push_back(field.column);
    }
  }
  return columns;
}

std::optional<ErrorCode> verdict(const Outcome& outcome) {
  if (outcome.usable == 0) {
    return ErrorCode::failure;
  }
  bool is_excused = false;
  for (const auto& requirement : outcome.requirements) {
    if (!requirement.holds) {
      return ErrorCode::gate_failed;
    }
    is_excused = is_excused || requirement.excuses_partial;
  }
  const auto missing = outcome.samples.of(SampleStatus::error) + outcome.samples.of(SampleStatus::refused);
  return missing > 0 && !is_excused ? std::optional(ErrorCode::partial) : std::nullopt;
}

std::optional<double> find_value(const Outcome& outcome, std::string_view name) {
  if (name == "coverage") {
    return outcome.samples.coverage();
  }
  if (name == "errors") {
    return static_cast<double>(outcome.samples.of(SampleStatus::error));
  }
  if (const auto status = parse_sample_status(name)) {
    return outcome.samples.share(*status);
  }
  for (const auto& metric : outcome.metrics) {
    for (const auto& field : metric.fields) {
      if (name == metric.name + "." + field.mean_name) {
        return field.mean;
      }
    }
  }
  return std::nullopt;
}

}  // namespace lumi::evaluation
