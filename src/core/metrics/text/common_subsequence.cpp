#include "core/metrics/text/common_subsequence.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lumi::metrics {

namespace {

constexpr std::size_t k_bits = 64;
constexpr std::uint64_t k_ones = ~std::uint64_t{0};

std::size_t words_for(std::size_t bits) { return (bits + k_bits - 1) / k_bits; }

std::uint64_t low_bits(std::size_t count) { return count >= k_bits ? k_ones : (std::uint64_t{1} << count) - 1; }

/// One row of 64 columns from the row before: a zero bit marks a column where the length grows.
std::uint64_t next_row(std::uint64_t row, std::uint64_t matches) {
  const std::uint64_t hits = row & matches;
  return (row + hits) | (row - hits);
}

/// The same with the carry of the addition coming from the columns before and going to those after.
std::uint64_t next_row(std::uint64_t row, std::uint64_t matches, unsigned char& carry) {
  const std::uint64_t hits = row & matches;
  const std::uint64_t sum = row + hits;
  const std::uint64_t carried = sum + carry;
  carry = static_cast<unsigned char>((sum < row ? 1U : 0U) | (carried < sum ? 1U : 0U));
  return carried | (row - hits);
}

}  // namespace

void CommonSubsequence::mask_block(Tokens block) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    masks_[block[i]] |= std::uint64_t{1} << i;
  }
}

void CommonSubsequence::unmask_block(Tokens block) {
  for (const auto token : block) {
    masks_[token] = 0;
  }
}

std::size_t CommonSubsequence::length(Tokens a, Tokens b, std::uint32_t token_count) {
  if (words_for(a.size()) * b.size() < words_for(b.size()) * a.size()) {
    std::swap(a, b);  // fewer words to go through
  }
  masks_.resize(std::max<std::size_t>(masks_.size(), token_count));
  if (b.size() <= k_bits) {
    std::uint64_t row = k_ones;
    mask_block(b);
    for (const auto token : a) {
      row = next_row(row, masks_[token]);
    }
    unmask_block(b);
    return static_cast<std::size_t>(std::popcount(~row & low_bits(b.size())));
  }
  std::size_t found = 0;
  carries_.assign(a.size(), 0);
  for (std::size_t first = 0; first < b.size(); first += k_bits) {
    const auto block = b.subspan(first, std::min(k_bits, b.size() - first));
    std::uint64_t row = k_ones;
    mask_block(block);
    for (std::size_t i = 0; i < a.size(); ++i) {
      row = next_row(row, masks_[a[i]], carries_[i]);
    }
    unmask_block(block);
    found += static_cast<std::size_t>(std::popcount(~row & low_bits(block.size())));
  }
  return found;
}

/// The number of the table in `row` of the chunk, after `column` tokens of the prediction.
std::size_t CommonSubsequence::zeros_before(std::size_t row, std::size_t column) const {
  const std::uint64_t* words = rows_.data() + row * stride_;
  std::size_t zeros = 0;
  for (std::size_t word = 0; word < column / k_bits; ++word) {
    zeros += static_cast<std::size_t>(std::popcount(~words[word]));
  }
  const std::uint64_t rest = column % k_bits == 0 ? 0 : ~words[column / k_bits] & low_bits(column % k_bits);
  return zeros + static_cast<std::size_t>(std::popcount(rest));
}

/// Whether the table grows in `row` of the chunk at the token before `column`.
bool CommonSubsequence::is_step(std::size_t row, std::size_t column) const {
  const std::size_t place = column - 1;
  return ((rows_[row * stride_ + place / k_bits] >> (place % k_bits)) & 1U) == 0;
}

/// Works out the rows for the tokens of `reference` from the row before them.
void CommonSubsequence::fill_rows(Tokens reference, Tokens prediction) {
  carries_.assign(reference.size(), 0);
  for (std::size_t word = 0; word < words_for(prediction.size()); ++word) {
    const std::size_t first = word * k_bits;
    const auto block = prediction.subspan(first, std::min(k_bits, prediction.size() - first));
    mask_block(block);
    std::uint64_t row = rows_[word];
    for (std::size_t i = 0; i < reference.size(); ++i) {
      row = next_row(row, masks_[reference[i]], carries_[i]);
      rows_[(i + 1) * stride_ + word] = row;
    }
    unmask_block(block);
  }
}

/// Works out all rows, leaving those of the last chunk, and returns the number of the row before it.
std::size_t CommonSubsequence::fill_last_rows(Tokens reference, Tokens prediction) {
  stride_ = std::max<std::size_t>(words_for(prediction.size()), 1);
  const auto fewest = static_cast<std::size_t>(std::sqrt(static_cast<double>(reference.size()))) + 1;
  chunk_ = std::min(std::max(row_words_ / stride_, fewest), reference.size());
  rows_.resize(std::max(rows_.size(), (chunk_ + 1) * stride_));
  std::fill_n(rows_.begin(), stride_, k_ones);
  checkpoints_.clear();
  std::size_t first = 0;
  for (;; first += chunk_) {
    checkpoints_.insert(checkpoints_.end(), rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(stride_));
    fill_rows(reference.subspan(first, std::min(chunk_, reference.size() - first)), prediction);
    if (first + chunk_ >= reference.size()) {
      return first;
    }
    std::copy_n(rows_.begin() + static_cast<std::ptrdiff_t>(chunk_ * stride_), stride_, rows_.begin());
  }
}

void CommonSubsequence::mark(Tokens reference, Tokens prediction, std::uint32_t token_count, std::span<char> marks) {
  if (reference.empty() || prediction.empty()) {
    return;
  }
  masks_.resize(std::max<std::size_t>(masks_.size(), token_count));
  std::size_t first = fill_last_rows(reference, prediction);
  std::size_t i = reference.size();
  std::size_t j = prediction.size();
  std::size_t here = zeros_before(i - first, j);
  std::size_t above = zeros_before(i - 1 - first, j);
  while (here > 0) {
    if (reference[i - 1] != prediction[j - 1]) {
      const std::size_t left = here - (is_step(i - first, j) ? 1U : 0U);
      if (left > above) {
        above -= is_step(i - 1 - first, j) ? 1U : 0U;
        --j;
        continue;
      }
      here = above;
    } else {
      marks[i - 1] = 1;
      --here;
      --j;
    }
    if (--i == first && here > 0) {
      first -= chunk_;
      const auto checkpoint = checkpoints_.begin() + static_cast<std::ptrdiff_t>(first / chunk_ * stride_);
      std::copy_n(checkpoint, stride_, rows_.begin());
      fill_rows(reference.subspan(first, chunk_), prediction.first(j));
    }
    above = here > 0 ? zeros_before(i - 1 - first, j) : 0;
  }
}

}  // namespace lumi::metrics
