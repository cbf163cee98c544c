#include "core/inference/row_selection.hpp"

#include <algorithm>

namespace lumi::inference {

namespace {

// SplitMix64: the sequence is part of what a sample seed means, so no generator of the library's choice.
std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31);
}

}  // namespace

RowSelection::RowSelection(std::uint64_t rows, std::int64_t max_samples, std::optional<std::int64_t> seed)
    : size_(max_samples < 1 ? rows : std::min(rows, static_cast<std::uint64_t>(max_samples))), rows_left_(rows),
      wanted_(size_), is_random_(seed.has_value()), state_(static_cast<std::uint64_t>(seed.value_or(0))) {}

bool RowSelection::takes_next() {
  if (wanted_ == 0 || rows_left_ == 0) {
    return false;
  }
  // Each of the rows that are left is as likely as any other to be among those still wanted.
  const bool takes = !is_random_ || next_random(state_) % rows_left_ < wanted_;
  --rows_left_;
  wanted_ -= takes ? 1 : 0;
  return takes;
}

}  // namespace lumi::inference
