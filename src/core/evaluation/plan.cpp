#include "core/evaluation/plan.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "core/evaluation/columns.hpp"
#include "core/metrics/registry.hpp"
#include "core/schemas/task_definition.hpp"

#include <algorithm>
#include <array>

namespace lumi::evaluation {

namespace {

// What only the asking of models has.
constexpr std::array<const char*, 3> k_of_asking = {"cost", "avg_total_tokens", "latency_p95_ms"};

// Where a metric stands in results: Lumigator's nine first, then this program's own in the order of the registry.
std::size_t rank(std::string_view name) {
  const auto keys = metrics::result_keys();
  const auto key = std::find(keys.begin(), keys.end(), name);
  auto rank = static_cast<std::size_t>(key - keys.begin());
  if (key != keys.end()) {
    return rank;
  }
  for (const auto& registration : metrics::all_metrics()) {
    if (registration.definition().name == name) {
      break;
    }
    ++rank;
  }
  return rank;
}

void add_requested(Plan& plan, const Request& request, const metrics::Resources& resources) {
  for (const auto& text : request.metrics) {
    auto metric = metrics::make_metric(metrics::parse_request(text), resources);
    const auto same = std::find_if(plan.metrics.begin(), plan.metrics.end(), [&](const auto& other) {
      return other->definition().name == metric->definition().name;
    });
    if (same == plan.metrics.end()) {
      plan.metrics.push_back(std::move(metric));
    } else if ((*same)->signature() != metric->signature()) {
      throw Error(ErrorCode::usage,
                  "metric " + quote(metric->definition().name) + " is asked for twice with different options",
                  "results hold each metric once: evaluate twice");
    }
  }
}

void add_defaults(Plan& plan, const Request& request, const metrics::Resources& resources) {
  for (const auto name : schemas::default_metrics(request.task)) {
    try {
      plan.metrics.push_back(metrics::make_metric({std::string(name), {}}, resources));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::usage) {
        throw;
      }
      plan.skipped_metrics.emplace_back(name);
      plan.warnings.push_back("default metric " + quote(name) + " is left out: " + error.what() +
                              (error.hint().empty() ? "" : " (" + error.hint() + ")"));
    }
  }
  if (plan.metrics.empty()) {
    throw Error(ErrorCode::usage,
                "none of the default metrics of task " + quote(request.task) + " can be computed here",
                "name metrics with --metric");
  }
}

Measures measures_of(const Plan& plan) {
  Measures measures;
  measures.add_counts();
  for (const auto& metric : plan.metrics) {
    for (const auto& field : metric->definition().fields) {
      measures.add_mean(metric->definition().name, field.name, field.mean_name);
    }
  }
  for (const auto& registration : metrics::all_metrics()) {
    const auto& definition = registration.definition();
    const auto is_planned = std::any_of(plan.metrics.begin(), plan.metrics.end(), [&](const auto& metric) {
      return metric->definition().name == definition.name;
    });
    for (const auto& field : definition.fields) {
      if (!is_planned) {
        measures.add_absent_mean(
            definition.name, field.name, field.mean_name, "add --metric " + std::string(definition.name));
      }
    }
  }
  return measures;
}

void check_conditions(Plan& plan, const Request& request) {
  if (request.requirements.empty()) {
    return;
  }
  auto measures = measures_of(plan);
  for (const auto* name : k_of_asking) {
    measures.add_absent(name, "an evaluation calls no model");
  }
  for (const auto& text : request.requirements) {
    auto condition = parse_condition(text);
    if (!condition.model.empty()) {
      throw Error(ErrorCode::usage,
                  "condition " + quote(condition.text) + " names the model " + quote(condition.model) +
                      ", but an evaluation compares no models",
                  "leave out the model and its colon");
    }
    plan.measures.push_back(measures.resolve(condition));
    plan.conditions.push_back(std::move(condition));
  }
}

}  // namespace

bool needs(const metrics::Metric& metric, metrics::Input input) {
  const auto& inputs = metric.definition().inputs;
  return std::find(inputs.begin(), inputs.end(), input) != inputs.end();
}

bool Plan::needs(metrics::Input input) const {
  return std::any_of(
      metrics.begin(), metrics.end(), [&](const auto& metric) { return evaluation::needs(*metric, input); });
}

Measures run_measures(const Plan& plan) {
  auto measures = measures_of(plan);
  for (const auto* name : k_of_asking) {
    measures.add(name);
  }
  return measures;
}

Plan make_plan(const Request& request, const metrics::Resources& resources) {
  Plan plan;
  schemas::check_task(request.task);
  check_column_names(request.columns);
  if (request.metrics.empty()) {
    add_defaults(plan, request, resources);
  } else {
    add_requested(plan, request, resources);
  }
  std::stable_sort(plan.metrics.begin(), plan.metrics.end(), [](const auto& a, const auto& b) {
    return rank(a->definition().name) < rank(b->definition().name);
  });
  check_conditions(plan, request);
  return plan;
}

}  // namespace lumi::evaluation
