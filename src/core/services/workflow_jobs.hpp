#pragma once
#include "store/database.hpp"
#include "store/records/job.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// The types of a workflow's two jobs.
inline constexpr const char* k_inference = "inference";
inline constexpr const char* k_evaluator = "evaluator";

/// A workflow's newest job of a type, if it has come to that.
std::optional<store::JobRecord>
find_job(store::Database& database, const std::string& workflow_id, const std::string& type);

/// The ids of a workflow's jobs, oldest first.
std::vector<std::string> list_job_ids(store::Database& database, const std::string& workflow_id);

}  // namespace lumi::services
