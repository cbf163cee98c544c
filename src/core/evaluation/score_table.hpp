#pragma once
#include "base/file.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lumi::evaluation {

/// Numbers by row and column in bounded memory: blocks that do not fit go to a temporary file that no name leads to.
/// NaN stands for null.
class ScoreTable {
public:
  /// A table without rows. It keeps at most about `max_memory_bytes` in memory (but always one block).
  ScoreTable(std::size_t columns, std::uint64_t max_memory_bytes);

  std::size_t columns() const { return columns_; }
  std::uint64_t rows() const { return rows_; }
  bool is_spilled() const { return file_.is_open(); }

  /// Appends whole rows, given one after the other.
  void append(std::span<const double> values);

  /// Sets `values.size()` rows of one column from `first_row` on; rows that are not there yet are made, null elsewhere.
  void set(std::size_t column, std::uint64_t first_row, std::span<const double> values);

  /// Copies rows of one column from `first_row` on into `out`, all of which must be there.
  void read(std::size_t column, std::uint64_t first_row, std::span<double> out) const;

  /// Copies one row into `out`, as wide as the table.
  void read_row(std::uint64_t row, std::span<double> out) const;

  /// Calls `visit(first_row, values)` for the blocks of a column, in order.
  template <class Visit>
  void for_each_block(std::size_t column, Visit&& visit) const;

private:
  std::size_t columns_;
  std::uint64_t rows_ = 0;
  std::uint64_t max_blocks_;
  UniqueFd file_;
};

}  // namespace lumi::evaluation
