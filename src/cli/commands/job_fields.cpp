#include "cli/commands/job_fields.hpp"

#include "base/json_writer.hpp"
#include "core/services/shown_config.hpp"

namespace lumi::cli {

namespace {

using store::JobRecord;

Value null_value(const JobRecord& /*job*/) { return {}; }

Value metadata_of(const JobRecord& job) {
  std::string json = "{\"job_type\":";
  append_json_string(json, job.type);
  return Json{json + "}"};
}

}  // namespace

const std::array<Field<JobRecord>, 21> k_job_fields{{
    {"id", "ID", Show::column, [](const JobRecord& job) { return Value(job.id); }},
    {"name", "NAME", Show::column, [](const JobRecord& job) { return Value(job.name); }},
    {"description", "DESCRIPTION", Show::detail, [](const JobRecord& job) { return Value(job.description); }},
    {"status", "STATUS", Show::column, [](const JobRecord& job) { return Value(job.status); }},
    {"job_type", "TYPE", Show::column, [](const JobRecord& job) { return Value(job.type); }},
    {"created_at", "CREATED", Show::column, [](const JobRecord& job) { return Value(job.created_at); }},
    {"experiment_id",
     "EXPERIMENT",
     Show::detail,
     [](const JobRecord& job) { return value_or_null(job.experiment_id); }},
    {"updated_at", "UPDATED", Show::detail, [](const JobRecord& job) { return value_or_null(job.updated_at); }},
    {"type", "SUBMISSION TYPE", Show::json, [](const JobRecord& /*job*/) { return Value(std::string("SUBMISSION")); }},
    {"submission_id", "SUBMISSION", Show::json, [](const JobRecord& job) { return Value(job.id); }},
    {"driver_info", "DRIVER", Show::json, null_value},
    {"config",
     "CONFIGURATION",
     Show::json,
     [](const JobRecord& job) { return Value(Json{services::shown_config(job)}); }},
    {"message", "MESSAGE", Show::detail, [](const JobRecord& job) { return Value(job.message); }},
    {"error_type", "ERROR", Show::detail, [](const JobRecord& job) { return value_or_null(job.error_type); }},
    {"start_time", "STARTED", Show::detail, [](const JobRecord& job) { return value_or_null(job.start_time); }},
    {"end_time", "ENDED", Show::detail, [](const JobRecord& job) { return value_or_null(job.end_time); }},
    {"metadata", "METADATA", Show::json, metadata_of},
    {"runtime_env", "RUNTIME", Show::json, [](const JobRecord& /*job*/) { return Value(Json{"{}"}); }},
    {"driver_agent_http_address", "DRIVER AGENT", Show::json, null_value},
    {"driver_node_id", "DRIVER NODE", Show::json, null_value},
    {"driver_exit_code",
     "EXIT CODE",
     Show::detail,
     [](const JobRecord& job) { return value_or_null(job.driver_exit_code); }},
}};

}  // namespace lumi::cli
