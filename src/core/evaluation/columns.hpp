#pragma once
#include "core/evaluation/request.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::evaluation {

/// The column that says what became of each prediction, where a file has it.
inline constexpr std::string_view k_status_column = "prediction_status";

/// Throws `usage` for a `map` entry whose left side is no column that an evaluation reads.
void check_column_names(const ColumnNames& names);

/// Which columns must be there, beside that of the predictions.
struct NeededColumns {
  bool ground_truth = false;
  bool source = false;  ///< it is read only then
};

/// Where the columns stand in a file.
struct ColumnPlaces {
  std::size_t predictions = 0;
  std::optional<std::size_t> ground_truth;
  std::optional<std::size_t> source;
  std::optional<std::size_t> status;
};

/// Finds the columns of `file_name` among `columns`. Throws `invalid_input` for a needed one that is not there, naming
/// those that are.
ColumnPlaces find_columns(const std::vector<std::string>& columns,
                          const ColumnNames& names,
                          NeededColumns needed,
                          const std::string& file_name);

}  // namespace lumi::evaluation
