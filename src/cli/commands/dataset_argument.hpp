#pragma once
#include "cli/options.hpp"
#include "core/evaluation/input.hpp"
#include "core/evaluation/request.hpp"
#include "store/records/dataset.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lumi::cli {

class Context;

/// Whether a DATASET argument names a file: `-`, anything with a `/`, or an existing file whose name has an extension.
/// All else is an id.
bool is_file_argument(const std::string& dataset);

/// The name that a file is registered under: "stdin.csv" for `-`, else the last part of its path.
std::string filename_of(const std::string& file);

/// Declares --input-format.
void bind_input_format(OptionSet& set, std::optional<std::string>& format);

/// The file that a DATASET argument names, opened so that it can be read several times.
evaluation::Input
file_argument_input(Context& context, const std::string& file, const std::optional<std::string>& format);

/// Keeps the file that a DATASET argument names, opened as `input`, once per content, name and columns; `columns` are
/// NAME, COLUMN pairs for those that have other names in the file.
store::DatasetRecord register_file(Context& context,
                                   const std::string& file,
                                   const evaluation::Input& input,
                                   const std::vector<std::pair<std::string, std::string>>& columns = {});

/// The dataset that a DATASET argument names, for an evaluation as `request` says. A file is looked at first, so that
/// one which cannot be scored is not kept; then it is registered, once per content and name.
store::DatasetRecord evaluated_dataset(Context& context,
                                       const std::string& dataset,
                                       const std::optional<std::string>& format,
                                       const evaluation::Request& request);

}  // namespace lumi::cli
