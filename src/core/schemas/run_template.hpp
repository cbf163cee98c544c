#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lumi::schemas {

/// What a new spec file is written from.
struct RunTemplate {
  std::string name;
  std::string dataset;               ///< as the spec says it
  std::vector<std::string> columns;  ///< of the dataset
  std::uint64_t rows = 0;
  std::string task = "summarization";
  std::vector<std::string> models;  ///< [PROVIDER/]MODEL[@BASE_URL]; none: suggestions
};

/// The names that a dataset's columns have for what lumi calls examples and ground_truth, by the names that are usual
/// for them: NAME, COLUMN pairs for those that differ. What cannot be guessed is left out.
std::vector<std::pair<std::string, std::string>> guess_columns(const std::vector<std::string>& columns);

/// Whether the dataset has a column of ground truths, under whatever name.
bool has_ground_truth(const RunTemplate& run);

/// A spec file with comments, which `parse_run` reads.
std::string run_template(const RunTemplate& run);

}  // namespace lumi::schemas
