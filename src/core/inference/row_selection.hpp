#pragma once
#include <cstdint>
#include <optional>

namespace lumi::inference {

/// Which rows of a dataset are samples: the first ones, or a random subset that depends on nothing but the numbers
/// given.
class RowSelection {
public:
  /// Of `rows` rows, `max_samples` (less than 1, or more than there are: all); with `seed` at random.
  RowSelection(std::uint64_t rows, std::int64_t max_samples, std::optional<std::int64_t> seed);

  /// How many rows are samples.
  std::uint64_t size() const { return size_; }

  /// Whether the next row is a sample; to be asked once for each row, from the first to the last.
  bool takes_next();

private:
  std::uint64_t size_;
  std::uint64_t rows_left_;
  std::uint64_t wanted_;
  bool is_random_;
  std::uint64_t state_;
};

}  // namespace lumi::inference
