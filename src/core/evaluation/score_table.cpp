#include "core/evaluation/score_table.hpp"

#include "base/error.hpp"

#include <cassert>
#include <string_view>

namespace lumi::evaluation {

namespace {

constexpr std::size_t k_block_bytes = ScoreTable::k_block_rows * sizeof(double);

void read_fully(const TemporaryFile& file, std::uint64_t offset, std::span<double> out) {
  auto* bytes = reinterpret_cast<char*>(out.data());
  std::size_t missing = out.size_bytes();
  while (missing > 0) {
    const auto got = file.read_at(offset, bytes, missing);
    if (got == 0) {
      throw Error(ErrorCode::failure, "a temporary file lost its end");
    }
    offset += got;
    bytes += got;
    missing -= got;
  }
}

}  // namespace

ScoreTable::ScoreTable(std::size_t columns, std::uint64_t max_memory_bytes)
    : columns_(columns), memory_blocks_left_(max_memory_bytes / k_block_bytes) {}

std::size_t ScoreTable::add_column() {
  columns_.emplace_back();
  return columns_.size() - 1;
}

void ScoreTable::store_tail(Column& column) {
  if (memory_blocks_left_ > 0) {
    --memory_blocks_left_;
    column.full.push_back({std::move(column.tail), 0});
    return;
  }
  if (!file_) {
    file_.emplace();
  }
  column.full.push_back({nullptr, file_->size()});
  file_->append({reinterpret_cast<const char*>(column.tail.get()), k_block_bytes});
}

void ScoreTable::append(std::size_t index, std::span<const double> values) {
  auto& column = columns_[index];
  while (!values.empty()) {
    if (!column.tail) {
      column.tail = std::make_unique<double[]>(k_block_rows);
    }
    const auto filled = static_cast<std::size_t>(column.rows % k_block_rows);
    const auto count = std::min(k_block_rows - filled, values.size());
    std::copy_n(values.begin(), count, column.tail.get() + filled);
    values = values.subspan(count);
    column.rows += count;
    if (filled + count == k_block_rows) {
      store_tail(column);
    }
  }
}

void ScoreTable::append_rows(std::span<const double> values) {
  assert(values.size() % columns() == 0);
  std::vector<double> of_column(values.size() / columns());
  for (std::size_t column = 0; column < columns(); ++column) {
    for (std::size_t row = 0; row < of_column.size(); ++row) {
      of_column[row] = values[row * columns() + column];
    }
    append(column, of_column);
  }
}

void ScoreTable::read(std::size_t index, std::uint64_t first_row, std::span<double> out) const {
  const auto& column = columns_[index];
  assert(first_row + out.size() <= column.rows);
  while (!out.empty()) {
    const auto block = static_cast<std::size_t>(first_row / k_block_rows);
    const auto in_block = static_cast<std::size_t>(first_row % k_block_rows);
    const auto count = std::min(k_block_rows - in_block, out.size());
    const double* memory = block < column.full.size() ? column.full[block].memory.get() : column.tail.get();
    if (memory != nullptr) {
      std::copy_n(memory + in_block, count, out.begin());
    } else {
      read_fully(*file_, column.full[block].offset + in_block * sizeof(double), out.first(count));
    }
    out = out.subspan(count);
    first_row += count;
  }
}

RowCursor::RowCursor(const ScoreTable& table, std::vector<std::size_t> columns)
    : table_(table), columns_(std::move(columns)), row_(columns_.size()) {}

std::span<const double> RowCursor::at(std::uint64_t row) {
  if (columns_.empty()) {
    return {};
  }
  constexpr auto k_rows = ScoreTable::k_block_rows;
  if (row < block_begin_ || row >= block_end_) {
    block_begin_ = row - row % k_rows;
    block_end_ = std::min<std::uint64_t>(block_begin_ + k_rows, table_.rows(columns_.front()));
    block_.resize(columns_.size() * k_rows);
    const auto count = static_cast<std::size_t>(block_end_ - block_begin_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      table_.read(columns_[i], block_begin_, std::span(block_).subspan(i * k_rows, count));
    }
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    row_[i] = block_[i * k_rows + static_cast<std::size_t>(row - block_begin_)];
  }
  return row_;
}

}  // namespace lumi::evaluation
