#include "core/evaluation/score_table.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

using lumi::evaluation::RowCursor;
using lumi::evaluation::ScoreTable;

namespace {

constexpr std::uint64_t k_no_memory = 0;
constexpr std::uint64_t k_much_memory = 1 << 30;

double number(std::uint64_t row, std::size_t column) { return static_cast<double>(row * 10 + column) / 7; }

// Rows in pieces of odd sizes, so that blocks are cut everywhere.
ScoreTable filled(std::uint64_t rows, std::size_t columns, std::uint64_t max_memory) {
  ScoreTable table(columns, max_memory);
  std::vector<double> piece;
  std::uint64_t in_piece = 0;
  for (std::uint64_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      piece.push_back(number(row, column));
    }
    if (++in_piece == 1 + row % 777) {
      table.append_rows(piece);
      piece.clear();
      in_piece = 0;
    }
  }
  table.append_rows(piece);
  return table;
}

}  // namespace

TEST_CASE("a table gives back what it was given, in memory or spilled") {
  for (const auto rows : std::vector<std::uint64_t>{0, 1, 1023, 1024, 1025, 10'000}) {
    for (const auto memory : {k_no_memory, std::uint64_t{20'000}, k_much_memory}) {
      CAPTURE(rows);
      CAPTURE(memory);
      const auto table = filled(rows, 3, memory);
      CHECK(table.is_spilled() == (rows >= ScoreTable::k_block_rows && memory < k_much_memory));
      std::uint64_t wrong = 0;
      for (std::size_t column = 0; column < 3; ++column) {
        REQUIRE(table.rows(column) == rows);
        std::uint64_t seen = 0;
        table.for_each_block(column, [&](std::uint64_t first, std::span<const double> values) {
          wrong += first == seen ? 0U : 1U;
          for (const double value : values) {
            wrong += value == number(seen++, column) ? 0U : 1U;
          }
        });
        CHECK(seen == rows);
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("a read may start and end anywhere") {
  const auto table = filled(5000, 2, 10'000);
  std::vector<double> values(2500);
  table.read(1, 777, values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    REQUIRE(values[i] == number(777 + i, 1));
  }
}

TEST_CASE("columns can be added and filled one by one") {
  ScoreTable table(0, k_no_memory);
  const auto first = table.add_column();
  std::vector<double> ones(3000, 1);
  table.append(first, ones);
  const auto second = table.add_column();
  CHECK(table.rows(second) == 0);
  std::vector<double> twos(3000, 2);
  table.append(second, twos);
  table.append(first, std::vector<double>{7});
  CHECK(table.rows(first) == 3001);
  std::vector<double> last(1);
  table.read(first, 3000, last);
  CHECK(last[0] == 7);
  table.read(second, 2999, last);
  CHECK(last[0] == 2);
}

TEST_CASE("NaN stays null through a spill") {
  ScoreTable table(1, k_no_memory);
  std::vector<double> values(2048, std::nan(""));
  values[5] = 0.5;
  table.append(0, values);
  std::vector<double> read(2048);
  table.read(0, 0, read);
  CHECK(read[5] == 0.5);
  CHECK(std::isnan(read[2047]));
}

TEST_CASE("a cursor reads chosen columns row by row, forwards and back") {
  const auto table = filled(4000, 4, 30'000);
  RowCursor cursor(table, {3, 1});
  for (const auto row : std::vector<std::uint64_t>{0, 1, 1023, 1024, 3999, 5}) {
    const auto values = cursor.at(row);
    REQUIRE(values.size() == 2);
    CHECK(values[0] == number(row, 3));
    CHECK(values[1] == number(row, 1));
  }
  RowCursor none(table, {});
  CHECK(none.at(17).empty());
}
