#include "core/inference/row_selection.hpp"

#include <doctest/doctest.h>

#include <vector>

using lumi::inference::RowSelection;

namespace {

std::vector<int> taken(std::uint64_t rows, std::int64_t max_samples, std::optional<std::int64_t> seed) {
  RowSelection selection(rows, max_samples, seed);
  std::vector<int> numbers;
  for (std::uint64_t row = 0; row < rows; ++row) {
    if (selection.takes_next()) {
      numbers.push_back(static_cast<int>(row));
    }
  }
  CHECK(numbers.size() == selection.size());
  return numbers;
}

}  // namespace

TEST_CASE("without a seed the first rows are taken") {
  CHECK(taken(5, -1, {}) == std::vector{0, 1, 2, 3, 4});
  CHECK(taken(5, 0, {}) == std::vector{0, 1, 2, 3, 4});
  CHECK(taken(5, 99, {}) == std::vector{0, 1, 2, 3, 4});
  CHECK(taken(5, 2, {}) == std::vector{0, 1});
}

TEST_CASE("a seed takes as many rows, always the same ones, other seeds others") {
  const auto some = taken(1000, 10, 7);
  CHECK(some == taken(1000, 10, 7));
  CHECK(some != taken(1000, 10, 8));
  CHECK(some.back() > 300);
  CHECK(taken(5, 5, 7) == std::vector{0, 1, 2, 3, 4});
}

TEST_CASE("every row is as likely as any other") {
  std::vector<int> counts(20);
  for (std::int64_t seed = 0; seed < 4000; ++seed) {
    for (const int row : taken(20, 5, seed)) {
      ++counts[static_cast<std::size_t>(row)];
    }
  }
  for (const int count : counts) {
    CHECK(count > 850);
    CHECK(count < 1150);
  }
}
