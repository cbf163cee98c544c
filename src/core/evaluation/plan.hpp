#pragma once
#include "core/evaluation/conditions.hpp"
#include "core/evaluation/request.hpp"
#include "core/metrics/metric.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::evaluation {

/// The metrics that a task is scored by when none are named. Throws `usage` for an unknown task, naming the known ones.
const std::vector<std::string>& default_metrics(std::string_view task);

/// What an evaluation will do, settled before any work.
struct Plan {
  std::vector<std::unique_ptr<const metrics::Metric>> metrics;  ///< in the order of results
  std::vector<std::string> skipped_metrics;                     ///< default metrics that cannot be computed here
  std::vector<Condition> conditions;
  std::vector<std::string> warnings;

  bool needs(metrics::Input input) const;
};

/// Makes the metrics and checks the conditions. Throws `usage` for what is unknown or cannot be computed here; a
/// *default* metric that cannot is only left out.
Plan make_plan(const Request& request, const metrics::Resources& resources);

}  // namespace lumi::evaluation
