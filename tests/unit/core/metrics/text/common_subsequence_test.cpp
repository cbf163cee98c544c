#include "core/metrics/text/common_subsequence.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace {

using lumi::metrics::CommonSubsequence;
using Ids = std::vector<std::uint32_t>;

/// The table and the way back through it, as in the textbook.
std::vector<char> slow_marks(const Ids& reference, const Ids& prediction) {
  std::vector<std::vector<int>> table(reference.size() + 1, std::vector<int>(prediction.size() + 1, 0));
  for (std::size_t i = 1; i <= reference.size(); ++i) {
    for (std::size_t j = 1; j <= prediction.size(); ++j) {
      table[i][j] =
          reference[i - 1] == prediction[j - 1] ? table[i - 1][j - 1] + 1 : std::max(table[i - 1][j], table[i][j - 1]);
    }
  }
  std::vector<char> marks(reference.size(), 0);
  std::size_t i = reference.size();
  std::size_t j = prediction.size();
  while (i > 0 && j > 0) {
    if (reference[i - 1] == prediction[j - 1]) {
      marks[--i] = 1;
      --j;
    } else if (table[i][j - 1] > table[i - 1][j]) {
      --j;
    } else {
      --i;
    }
  }
  return marks;
}

Ids random_ids(std::mt19937& random, std::size_t length, std::uint32_t kinds) {
  Ids ids(length);
  std::generate(ids.begin(), ids.end(), [&] { return static_cast<std::uint32_t>(random() % kinds); });
  return ids;
}

}  // namespace

TEST_CASE("common subsequences are those of the full table") {
  std::mt19937 random(3);
  CommonSubsequence subsequence;
  for (int round = 0; round < 3000; ++round) {
    const auto kinds = static_cast<std::uint32_t>(1 + random() % 40);
    const auto longest = round % 10 == 0 ? 300U : 70U;
    const auto reference = random_ids(random, random() % longest, kinds);
    const auto prediction = random_ids(random, random() % longest, kinds);
    const auto expected = slow_marks(reference, prediction);
    std::vector<char> marks(reference.size(), 0);
    subsequence.mark(reference, prediction, kinds, marks);
    REQUIRE(marks == expected);
    const auto length = static_cast<std::size_t>(std::count(expected.begin(), expected.end(), 1));
    REQUIRE(subsequence.length(reference, prediction, kinds) == length);
    REQUIRE(subsequence.length(prediction, reference, kinds) == length);
  }
}

TEST_CASE("rows that do not fit are worked out again") {
  // With so little memory even short lists take several chunks of rows.
  std::mt19937 random(5);
  for (const std::size_t row_words : {1U, 16U, 100U}) {
    CommonSubsequence subsequence(row_words);
    for (int round = 0; round < 300; ++round) {
      const auto kinds = static_cast<std::uint32_t>(2 + random() % 20);
      const auto reference = random_ids(random, 1 + random() % 400, kinds);
      const auto prediction = random_ids(random, 1 + random() % 200, kinds);
      std::vector<char> marks(reference.size(), 0);
      subsequence.mark(reference, prediction, kinds, marks);
      REQUIRE(marks == slow_marks(reference, prediction));
    }
  }
}
