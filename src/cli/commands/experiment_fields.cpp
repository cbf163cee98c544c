#include "cli/commands/experiment_fields.hpp"

#include "cli/commands/workflow_fields.hpp"
#include "cli/context.hpp"
#include "cli/io/json_value.hpp"
#include "cli/io/view.hpp"
#include "core/services/experiment.hpp"

namespace lumi::cli {

namespace {

Value task_of(const ExperimentDetails& experiment) {
  return json_value([&](JsonWriter& json) { schemas::write_task_definition(json, experiment.config.task_definition); });
}

}  // namespace

const std::array<Field<ExperimentDetails>, 9> k_experiment_fields{{
    {"id", "ID", Show::column, [](const ExperimentDetails& experiment) { return Value(experiment.row.id); }},
    {"name", "NAME", Show::column, [](const ExperimentDetails& experiment) { return Value(experiment.row.name); }},
    {"description",
     "DESCRIPTION",
     Show::detail,
     [](const ExperimentDetails& experiment) { return Value(experiment.row.description); }},
    {"created_at",
     "CREATED",
     Show::column,
     [](const ExperimentDetails& experiment) { return Value(experiment.row.created_at); }},
    {"max_samples",
     "MAX SAMPLES",
     Show::detail,
     [](const ExperimentDetails& experiment) { return Value(experiment.config.max_samples); }},
    {"task_definition", "TASK", Show::detail, task_of},
    {"dataset",
     "DATASET",
     Show::column,
     [](const ExperimentDetails& experiment) { return Value(experiment.row.dataset_id); }},
    {"updated_at",
     "UPDATED",
     Show::detail,
     [](const ExperimentDetails& experiment) { return value_or_null(experiment.row.updated_at); }},
    {"workflows",
     "WORKFLOWS",
     Show::json,
     [](const ExperimentDetails& experiment) {
       return Value(Json{json_array(grid_of(k_workflow_fields, experiment.workflows))});
     }},
}};

ExperimentDetails experiment_details(Context& context, const store::ExperimentRecord& row) {
  ExperimentDetails details{row, schemas::parse_experiment_config(row.config_json), {}};
  for (const auto& workflow : context.experiments().workflows(row.id)) {
    details.workflows.push_back(context.workflows().details(workflow));
  }
  return details;
}

}  // namespace lumi::cli
