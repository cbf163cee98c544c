#include "cli/commands/evaluation_fields.hpp"

#include "cli/io/json_value.hpp"
#include "core/evaluation/results_writer.hpp"

namespace lumi::cli {

namespace {

using EvaluationAnswer = const services::EvaluationAnswer*;

Value requirements_of(const EvaluationAnswer& answer) {
  return json_value([&](JsonWriter& json) {
    json.begin_array();
    for (const auto& requirement : answer->outcome.requirements) {
      json.begin_object();
      json.member("condition", requirement.condition);
      json.member("value", requirement.value);
      json.member("holds", requirement.holds);
      json.end_object();
    }
    json.end_array();
  });
}

}  // namespace

const std::array<Field<EvaluationAnswer>, 8> k_evaluation_fields{{
    {"job_id", "JOB", Show::detail, [](const EvaluationAnswer& answer) { return value_or_null(answer->job_id); }},
    {"dataset_id",
     "DATASET",
     Show::detail,
     [](const EvaluationAnswer& answer) { return value_or_null(answer->dataset_id); }},
    {"n",
     "SAMPLES",
     Show::detail,
     [](const EvaluationAnswer& answer) { return Value(static_cast<std::int64_t>(answer->outcome.rows)); }},
    {"coverage",
     "COVERAGE",
     Show::detail,
     [](const EvaluationAnswer& answer) { return Value(answer->outcome.samples.coverage()); }},
    {"samples",
     "STATUSES",
     Show::json,
     [](const EvaluationAnswer& answer) {
       return json_value([&](JsonWriter& json) { evaluation::write_counts(json, answer->outcome.samples); });
     }},
    {"metrics",
     "METRICS",
     Show::json,
     [](const EvaluationAnswer& answer) {
       return json_value([&](JsonWriter& json) { evaluation::write_means(json, answer->outcome); });
     }},
    {"signatures",
     "SIGNATURES",
     Show::json,
     [](const EvaluationAnswer& answer) {
       return json_value([&](JsonWriter& json) { evaluation::write_signatures(json, answer->outcome); });
     }},
    {"requirements", "REQUIREMENTS", Show::json, requirements_of},
}};

}  // namespace lumi::cli
