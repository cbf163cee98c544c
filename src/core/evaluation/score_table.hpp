#pragma once
#include "base/temporary_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace lumi::evaluation {

/// What stands for null among numbers.
inline constexpr double k_null = std::numeric_limits<double>::quiet_NaN();

/// Columns of numbers in bounded memory: what does not fit goes to a temporary file that no name leads to.
class ScoreTable {
public:
  /// How many rows are kept together; reading them at once is cheapest.
  static constexpr std::size_t k_block_rows = 1024;

  /// A table of `columns` empty columns, with about `max_memory_bytes` for blocks that are full.
  explicit ScoreTable(std::size_t columns, std::uint64_t max_memory_bytes);

  std::size_t columns() const { return columns_.size(); }
  bool is_spilled() const { return file_.has_value(); }

  /// The length of a column.
  std::uint64_t rows(std::size_t column) const { return columns_[column].rows; }

  /// Adds an empty column and returns its index.
  std::size_t add_column();

  /// Appends to one column.
  void append(std::size_t column, std::span<const double> values);

  /// Appends rows, given one after the other, to all columns.
  void append_rows(std::span<const double> values);

  /// Copies rows of one column from `first_row` on into `out`, all of which must be there.
  void read(std::size_t column, std::uint64_t first_row, std::span<double> out) const;

  /// Calls `visit(first_row, values)` for one column, block by block in order.
  template <class Visit>
  void for_each_block(std::size_t column, Visit&& visit) const {
    std::vector<double> values;
    for (std::uint64_t row = 0; row < rows(column); row += values.size()) {
      values.resize(static_cast<std::size_t>(std::min<std::uint64_t>(k_block_rows, rows(column) - row)));
      read(column, row, values);
      visit(row, std::span<const double>(values));
    }
  }

private:
  using Block = std::unique_ptr<double[]>;

  // A full block: in memory, or at an offset of the file.
  struct Place {
    Block memory;
    std::uint64_t offset = 0;
  };
  struct Column {
    std::vector<Place> full;
    Block tail;  ///< the block being filled
    std::uint64_t rows = 0;
  };

  void store_tail(Column& column);

  std::vector<Column> columns_;
  std::uint64_t memory_blocks_left_;
  std::optional<TemporaryFile> file_;
};

/// Goes through rows of several columns from front to back, reading them block by block.
class RowCursor {
public:
  /// A cursor over `columns`, which must be equally long.
  RowCursor(const ScoreTable& table, std::vector<std::size_t> columns);

  /// The numbers of `row`, valid until the next call; cheap for neighbouring rows.
  std::span<const double> at(std::uint64_t row);

private:
  const ScoreTable& table_;
  std::vector<std::size_t> columns_;
  std::uint64_t block_begin_ = 0;
  std::uint64_t block_end_ = 0;
  std::vector<double> block_;
  std::vector<double> row_;
};

}  // namespace lumi::evaluation
