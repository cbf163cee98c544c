#pragma once
#include "cli/io/value.hpp"
#include "store/records/baseline.hpp"

#include <array>

namespace lumi::cli {

inline constexpr std::array<Field<store::BaselineRecord>, 3> k_baseline_fields{{
    {"name", "NAME", Show::column, [](const store::BaselineRecord& baseline) { return Value(baseline.name); }},
    {"job_id", "JOB", Show::column, [](const store::BaselineRecord& baseline) { return Value(baseline.job_id); }},
    {"created_at",
     "CREATED",
     Show::column,
     [](const store::BaselineRecord& baseline) { return Value(baseline.created_at); }},
}};

}  // namespace lumi::cli
