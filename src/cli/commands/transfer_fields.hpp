#pragma once
#include "cli/io/value.hpp"
#include "core/services/transfer.hpp"

#include <array>

namespace lumi::cli {

/// How many rows of a table an export or import was about.
template <store::CopiedTable table>
Value rows_of(const services::TransferSummary& summary) {
  return static_cast<std::int64_t>(summary.rows[static_cast<std::size_t>(table)]);
}

/// What `lumi export` and `lumi import` tell.
inline constexpr std::array<Field<services::TransferSummary>, 7> k_transfer_fields{{
    {"experiments", "EXPERIMENTS", Show::column, rows_of<store::CopiedTable::experiments>},
    {"workflows", "WORKFLOWS", Show::column, rows_of<store::CopiedTable::workflows>},
    {"jobs", "JOBS", Show::column, rows_of<store::CopiedTable::jobs>},
    {"datasets", "DATASETS", Show::column, rows_of<store::CopiedTable::datasets>},
    {"skipped",
     "SKIPPED",
     Show::column,
     [](const services::TransferSummary& summary) { return Value(static_cast<std::int64_t>(summary.skipped)); }},
    {"objects",
     "OBJECTS",
     Show::column,
     [](const services::TransferSummary& summary) { return Value(static_cast<std::int64_t>(summary.objects)); }},
    {"size",
     "SIZE",
     Show::column,
     [](const services::TransferSummary& summary) { return Value(Bytes{summary.size_bytes}); }},
}};

}  // namespace lumi::cli
