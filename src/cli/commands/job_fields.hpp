#pragma once
#include "cli/io/value.hpp"
#include "store/records/job.hpp"

#include <array>

namespace lumi::cli {

/// Everything that is known of a job, in Lumigator's names and order.
extern const std::array<Field<store::JobRecord>, 21> k_job_fields;

}  // namespace lumi::cli
