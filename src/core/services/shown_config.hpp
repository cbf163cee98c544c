#pragma once
#include "store/records/job.hpp"

#include <string>

namespace lumi::services {

/// What `config` of a job shows, with sensitive values redacted: Lumigator's configuration of the job's worker (name
/// with id, dataset, job, inference_server, … or evaluation, …; max_samples, model_name_or_path), then what the row
/// keeps. A configuration of another kind is shown as the row keeps it.
std::string shown_config(const store::JobRecord& job);

}  // namespace lumi::services
