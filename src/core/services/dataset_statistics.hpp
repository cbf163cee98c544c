#pragma once
#include "core/tabular/row_reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lumi::services {

/// The lengths of a column's texts.
struct Lengths {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  double mean = 0;
};

/// Counts over one column. Blank texts count in everything.
struct ColumnStatistics {
  std::string name;
  std::uint64_t blank = 0;     ///< empty or white space only
  std::uint64_t distinct = 0;  ///< different texts, told apart by 64-bit hashes; counted up to a million
  Lengths characters;          ///< code points
  Lengths words;               ///< what white space separates
};

/// Counts over a dataset.
struct DatasetStatistics {
  std::uint64_t rows = 0;
  std::uint64_t duplicate_rows = 0;  ///< rows that stand somewhere before, among the first million
  std::vector<ColumnStatistics> columns;
};

/// Counts over all rows of `reader`, in memory that does not grow beyond the hashes of a million texts per column.
/// Throws `interrupted` when a signal asked to stop.
DatasetStatistics collect_statistics(tabular::RowReader& reader);

}  // namespace lumi::services
