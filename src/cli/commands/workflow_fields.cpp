#include "cli/commands/workflow_fields.hpp"

#include "cli/io/json_value.hpp"
#include "core/schemas/workflow.hpp"

namespace lumi::cli {

namespace {

using services::WorkflowDetails;

Value own_fields(const WorkflowDetails& workflow) {
  const auto& row = workflow.row;
  return json_value([&](JsonWriter& json) {
    json.begin_object();
    json.member("reason", row.reason.empty() ? std::optional<std::string>() : row.reason);
    json.member("exit_code", row.exit_code);
    json.member("attempt", row.attempt);
    json.end_object();
  });
}

}  // namespace

const std::array<Field<WorkflowDetails>, 14> k_workflow_fields{{
    {"id", "ID", Show::column, [](const WorkflowDetails& workflow) { return Value(workflow.row.id); }},
    {"experiment_id",
     "EXPERIMENT",
     Show::column,
     [](const WorkflowDetails& workflow) { return Value(workflow.row.experiment_id); }},
    {"model", "MODEL", Show::column, [](const WorkflowDetails& workflow) { return Value(workflow.model); }},
    {"name", "NAME", Show::column, [](const WorkflowDetails& workflow) { return Value(workflow.row.name); }},
    {"description",
     "DESCRIPTION",
     Show::detail,
     [](const WorkflowDetails& workflow) { return Value(workflow.row.description); }},
    {"system_prompt",
     "SYSTEM PROMPT",
     Show::detail,
     [](const WorkflowDetails& workflow) { return value_or_null(workflow.system_prompt); }},
    {"status", "STATUS", Show::column, [](const WorkflowDetails& workflow) { return Value(workflow.row.status); }},
    {"created_at",
     "CREATED",
     Show::column,
     [](const WorkflowDetails& workflow) { return Value(workflow.row.created_at); }},
    {"updated_at",
     "UPDATED",
     Show::json,
     [](const WorkflowDetails& workflow) { return value_or_null(workflow.row.updated_at); }},
    {"jobs",
     "JOBS",
     Show::json,
     [](const WorkflowDetails& workflow) { return Value(Json{schemas::workflow_jobs_json(workflow.jobs)}); }},
    {"metrics",
     "METRICS",
     Show::detail,
     [](const WorkflowDetails& workflow) { return Value(Json{schemas::workflow_metrics_json(workflow.jobs)}); }},
    {"parameters",
     "PARAMETERS",
     Show::json,
     [](const WorkflowDetails& workflow) { return Value(Json{schemas::workflow_parameters_json(workflow.jobs)}); }},
    {"artifacts_download_url",
     "RESULTS",
     Show::detail,
     [](const WorkflowDetails& workflow) { return value_or_null(workflow.artifacts_download_url); }},
    {"lumi", "LUMI", Show::json, own_fields},
}};

}  // namespace lumi::cli
