#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lumi::metrics {

/// Longest common subsequences of token lists, 64 columns of the usual table at a time (Hyyrö's bit-parallel rows), in
/// memory that does not grow with the product of the lengths.
class CommonSubsequence {
public:
  using Tokens = std::span<const std::uint32_t>;

  /// `row_words`: rows are kept up to about so many words of 8 bytes; beyond that they are worked out again.
  explicit CommonSubsequence(std::size_t row_words = std::size_t{1} << 20) : row_words_(row_words) {}

  /// The length of the longest common subsequence. All tokens are below `token_count`.
  std::size_t length(Tokens a, Tokens b, std::uint32_t token_count);

  /// Sets `marks[i]` for each place `i` of `reference` on the one longest common subsequence that rouge_score takes:
  /// back from the ends, along equal tokens where there are any, else towards the larger number of the table, on ties
  /// backwards in the reference.
  void mark(Tokens reference, Tokens prediction, std::uint32_t token_count, std::span<char> marks);

private:
  void mask_block(Tokens block);
  void unmask_block(Tokens block);
  std::size_t zeros_before(std::size_t row, std::size_t column) const;
  bool is_step(std::size_t row, std::size_t column) const;
  void fill_rows(Tokens reference, Tokens prediction);
  std::size_t fill_last_rows(Tokens reference, Tokens prediction);

  std::size_t row_words_;
  std::vector<std::uint64_t> masks_;  ///< per token: its places in the block of 64; zero between calls
  std::vector<unsigned char> carries_;
  std::size_t stride_ = 1;                  ///< words of a row
  std::size_t chunk_ = 0;                   ///< rows kept at a time
  std::vector<std::uint64_t> rows_;         ///< of the chunk and the row before it; a zero bit: the table grows there
  std::vector<std::uint64_t> checkpoints_;  ///< the row before each chunk
};

}  // namespace lumi::metrics
