#pragma once
#include <string>
#include <string_view>

namespace lumi::cli {

/// Whether a DATASET argument names a file: `-`, anything with a `/`, or an existing file whose name has an extension.
/// All else is an id.
bool is_file_argument(const std::string& dataset);

/// The name that a file is registered under: "stdin.csv" for `-`, else the last part of its path.
std::string filename_of(const std::string& file);

}  // namespace lumi::cli
