#pragma once
#include "core/evaluation/conditions.hpp"
#include "core/evaluation/request.hpp"
#include "core/metrics/metric.hpp"

#include <memory>
#include <string>
#include <vector>

namespace lumi::evaluation {

/// What an evaluation will do, settled before any work.
struct Plan {
  std::vector<std::unique_ptr<const metrics::Metric>> metrics;  ///< in the order of results
  std::vector<std::string> skipped_metrics;                     ///< default metrics that cannot be computed here
  std::vector<Condition> conditions;
  std::vector<std::string> measures;  ///< the full name of what each condition is about
  std::vector<std::string> warnings;

  /// Whether any of the metrics reads `input`.
  bool needs(metrics::Input input) const;
};

/// Whether the metric reads `input`.
bool needs(const metrics::Metric& metric, metrics::Input input);

/// Makes the metrics and checks conditions and column names. Throws `usage` for what is unknown or cannot be computed
/// here; a *default* metric that cannot is only left out, with a warning.
Plan make_plan(const Request& request, const metrics::Resources& resources);

/// The names that conditions of a run may use: means of the plan's metrics, counts, cost, avg_total_tokens and
/// latency_p95_ms.
Measures run_measures(const Plan& plan);

}  // namespace lumi::evaluation
