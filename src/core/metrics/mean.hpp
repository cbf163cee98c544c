#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lumi::metrics {

/// The mean of values that arrive in order, with the bits of `numpy.mean` of them all: numpy halves a list until its
/// parts are short and adds up the sums of the parts. Keeps 128 values, however many there are.
class PairwiseMean {
public:
  /// Expects exactly `count` values.
  explicit PairwiseMean(std::uint64_t count);

  /// Takes the next values.
  void add(std::span<const double> values);
  void add(double value) { add(std::span(&value, 1)); }

  /// The sum, once all values are there.
  double sum() const { return sum_; }

  /// The mean, once all values are there; NaN for none.
  double mean() const { return sum_ / static_cast<double>(count_); }

private:
  /// numpy adds up parts of this length with 8 accumulators.
  static constexpr std::size_t k_leaf = 128;

  /// A part that was halved and whose sum is still to be known.
  struct Part {
    std::uint64_t right = 0;  ///< the length of its right half
    double left_sum = 0;
    bool is_in_right = false;
  };

  void descend(std::uint64_t length);
  void finish_leaf();

  std::uint64_t count_;
  std::vector<Part> open_;
  std::array<double, k_leaf> leaf_{};
  std::size_t leaf_length_ = 0;
  std::size_t leaf_filled_ = 0;
  double sum_ = 0;
};

/// `numpy.mean` of the values; NaN for none.
double pairwise_mean(std::span<const double> values);

}  // namespace lumi::metrics
