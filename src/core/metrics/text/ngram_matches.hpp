#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lumi::metrics {

/// Counts the n-grams that a prediction shares with a short reference, each no more often than both have it.
class NGramMatches {
public:
  using Tokens = std::span<const std::uint32_t>;

  /// References may have so many tokens: one bit stands for each.
  static constexpr std::size_t k_longest_reference = 64;

  /// The counts for n = 1 to `orders`. All tokens are below `token_count`.
  template <std::size_t orders>
  std::array<std::size_t, orders> count(Tokens reference, Tokens prediction, std::uint32_t token_count);

private:
  std::vector<std::uint64_t> places_;  ///< per token: where the reference has it; zero between calls
};

template <std::size_t orders>
std::array<std::size_t, orders> NGramMatches::count(Tokens reference, Tokens prediction, std::uint32_t token_count) {
  if (places_.size() < token_count) {
    places_.resize(token_count);
  }
  for (std::size_t i = 0; i < reference.size(); ++i) {
    places_[reference[i]] |= std::uint64_t{1} << i;
  }
  std::array<std::uint64_t, orders>
      starts{};                              // where the reference has the n-gram that starts at the prediction's token
  std::array<std::uint64_t, orders> used{};  // which of those are matched already
  for (std::size_t i = prediction.size(); i > 0; --i) {
    const std::uint64_t places = places_[prediction[i - 1]];
    for (std::size_t k = orders - 1; k > 0; --k) {
      starts[k] = places & starts[k - 1] >> 1;
    }
    starts[0] = places;
    for (std::size_t k = 0; k < orders; ++k) {
      const std::uint64_t free = starts[k] & ~used[k];
      used[k] |= free & (~free + 1);  // the first one, if any
    }
  }
  for (const auto token : reference) {
    places_[token] = 0;
  }
  std::array<std::size_t, orders> counts{};
  for (std::size_t k = 0; k < orders; ++k) {
    counts[k] = static_cast<std::size_t>(std::popcount(used[k]));
  }
  return counts;
}

}  // namespace lumi::metrics
