#include "cli/commands/run_fields.hpp"

#include "base/decimals.hpp"
#include "base/text.hpp"
#include "cli/io/json_value.hpp"
#include "cli/io/view.hpp"
#include "core/evaluation/results_writer.hpp"
#include "core/evaluation/summary.hpp"

#include <cmath>

namespace lumi::cli {

namespace {

using RunAnswerPointer = const RunAnswer*;

constexpr int k_digits = 4;

void write_model(JsonWriter& json, const services::ModelOutcome& model) {
  json.begin_object();
  json.member("name", model.name);
  json.member("model", model.model);
  json.member("workflow_id", model.workflow_id);
  json.member("job_id", model.evaluation_id);
  json.member("status", model.status);
  json.member("coverage", model.coverage);
  json.key("samples");
  evaluation::write_counts(json, model.samples);
  json.key("metrics");
  if (model.scored) {
    evaluation::write_means(json, model.scored->results.outcome());
  } else {
    json.value(nullptr);
  }
  json.member("cost", model.cost);
  json.member("avg_total_tokens", model.avg_total_tokens);
  json.member("latency_p95_ms", model.latency_p95_ms);
  json.end_object();
}

Value models_of(const RunAnswerPointer& answer) {
  return json_value([&](JsonWriter& json) {
    json.begin_array();
    for (const auto& model : answer->models) {
      write_model(json, model);
    }
    json.end_array();
  });
}

Value requirements_of(const RunAnswerPointer& answer) {
  return json_value([&](JsonWriter& json) {
    json.begin_array();
    for (const auto& [model, requirement] : answer->requirements) {
      json.begin_object();
      json.member("model", model);
      json.member("condition", requirement.condition);
      json.member("value", requirement.value);
      json.member("holds", requirement.holds);
      json.end_object();
    }
    json.end_array();
  });
}

}  // namespace

std::vector<RunLine> lines_of(const RunAnswer& answer) {
  std::vector<RunLine> lines;
  for (const auto& model : answer.models) {
    if (!model.scored) {
      lines.push_back({&model, {}, std::nullopt});
      continue;
    }
    for (const auto& label : evaluation::score_labels(model.scored->results.outcome())) {
      const auto mean = label.field->mean;
      lines.push_back({&model, label.name, std::isnan(mean) ? std::nullopt : std::optional(mean)});
    }
  }
  return lines;
}

std::string verdict_of(const RunAnswer& answer) {
  if (!answer.ranking) {
    return {};
  }
  const auto& ranking = *answer.ranking;
  const auto best = ranking.leader + " has the best " + ranking.score + " (" + decimals(ranking.mean, k_digits) + ")";
  if (ranking.not_beaten.empty()) {
    return best + ", and is better than " + join(ranking.beaten, ", ") + " beyond chance";
  }
  const auto open = "it is not decided whether it is better than " + join(ranking.not_beaten, ", ");
  return ranking.beaten.empty() ? best + ", but " + open
                                : best + " and is better than " + join(ranking.beaten, ", ") + "; " + open;
}

const std::array<Field<RunAnswerPointer>, 5> k_run_fields{{
    {"experiment",
     "EXPERIMENT",
     Show::json,
     [](const RunAnswerPointer& answer) {
       const auto array = json_array(grid_of(k_experiment_fields, std::vector{answer->experiment}));
       return Value(Json{array.substr(1, array.size() - 2)});
     }},
    {"models", "MODELS", Show::json, models_of},
    {"comparisons",
     "COMPARISONS",
     Show::json,
     [](const RunAnswerPointer& answer) {
       return answer->comparison ? comparisons_of(*answer->comparison) : Value(Json{"[]"});
     }},
    {"requirements", "REQUIREMENTS", Show::json, requirements_of},
    {"verdict",
     "VERDICT",
     Show::json,
     [](const RunAnswerPointer& answer) {
       const auto verdict = verdict_of(*answer);
       return verdict.empty() ? Value() : Value(verdict);
     }},
}};

const std::array<Field<RunLine>, 8> k_run_line_fields{{
    {"name", "NAME", Show::column, [](const RunLine& line) { return Value(line.model->name); }},
    {"workflow_id",
     "WORKFLOW",
     Show::column,
     [](const RunLine& line) { return value_or_null(line.model->workflow_id); }},
    {"status", "STATUS", Show::column, [](const RunLine& line) { return Value(line.model->status); }},
    {"coverage", "COVERAGE", Show::column, [](const RunLine& line) { return value_or_null(line.model->coverage); }},
    {"cost", "COST", Show::column, [](const RunLine& line) { return value_or_null(line.model->cost); }},
    {"latency_p95_ms",
     "P95 MS",
     Show::column,
     [](const RunLine& line) { return value_or_null(line.model->latency_p95_ms); }},
    {"score",
     "SCORE",
     Show::column,
     [](const RunLine& line) { return line.score.empty() ? Value() : Value(line.score); }},
    {"mean", "MEAN", Show::column, [](const RunLine& line) { return value_or_null(line.mean); }},
}};

}  // namespace lumi::cli
