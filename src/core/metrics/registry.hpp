#pragma once
#include "core/metrics/metric.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// A registered metric: its facts, and how to make one.
struct Registration {
  const Definition& (*definition)();
  std::unique_ptr<Metric> (*make)(const Options& options, const Resources& resources);
};

/// Every metric that this program computes, in the order of help and results.
std::span<const Registration> all_metrics();

/// The nine keys of an evaluation's `metrics` in Lumigator's order, computed here or not (shared with results.json).
std::span<const std::string_view> result_keys();

/// Whether it is the name of a metric of this program or of Lumigator, computed here or not.
bool is_known_metric(std::string_view name);

/// `name` or `name(option=value,...)`. Throws `usage` for text that is neither; the name is not looked up.
Request parse_request(std::string_view text);

/// The facts of a metric. Throws `usage` for one that is not computed here, with a near name if it is unknown.
const Definition& get_definition(std::string_view name);

/// Makes the metric. Throws `usage` for an unknown name, option or value (with a near one), and for data that is absent
/// (with the command that installs it).
std::unique_ptr<Metric> make_metric(const Request& request, const Resources& resources);

}  // namespace lumi::metrics
