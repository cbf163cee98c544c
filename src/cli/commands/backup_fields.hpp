#pragma once
#include "cli/io/value.hpp"
#include "core/services/backup.hpp"

#include <array>

namespace lumi::cli {

/// What `lumi backup` and `lumi restore` tell.
inline constexpr std::array<Field<services::BackupSummary>, 6> k_backup_fields{{
    {"created_at",
     "CREATED",
     Show::column,
     [](const services::BackupSummary& summary) { return Value(summary.created_at); }},
    {"datasets",
     "DATASETS",
     Show::column,
     [](const services::BackupSummary& summary) { return Value(static_cast<std::int64_t>(summary.datasets)); }},
    {"jobs",
     "JOBS",
     Show::column,
     [](const services::BackupSummary& summary) { return Value(static_cast<std::int64_t>(summary.jobs)); }},
    {"objects",
     "OBJECTS",
     Show::column,
     [](const services::BackupSummary& summary) { return Value(static_cast<std::int64_t>(summary.objects)); }},
    {"size",
     "SIZE",
     Show::column,
     [](const services::BackupSummary& summary) { return Value(Bytes{summary.size_bytes}); }},
    {"replaced_database",
     "REPLACED DATABASE",
     Show::json,
     [](const services::BackupSummary& summary) {
       return summary.replaced_database ? Value(summary.replaced_database->string()) : Value();
     }},
}};

}  // namespace lumi::cli
