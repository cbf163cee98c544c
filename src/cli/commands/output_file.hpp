#pragma once
#include "base/byte_stream.hpp"
#include "core/tabular/csv_writer.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// Where `-o OUTPUT` writes: nothing for `-` (stdout), the file named `filename` in a folder (this one if `output` is
/// empty), else `output` itself. Throws Error{usage} for `-` together with --json.
std::optional<std::filesystem::path>
output_target(Context& context, const std::string& output, const std::string& filename);

/// Copies a CSV file as it is, or with an apostrophe before the cells that spreadsheets would run.
void copy_csv(ByteSource& source, ByteSink& sink, tabular::ExcelSafe excel_safe);

/// Says which files were written: a message, or {"written":[...]} as JSON.
void report_written(Context& context, const std::vector<std::filesystem::path>& files);

/// Seconds from a duration such as "1h". Throws Error{usage}.
std::int64_t expiry_seconds(const std::string& duration);

}  // namespace lumi::cli
