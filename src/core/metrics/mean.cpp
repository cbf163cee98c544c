#include "core/metrics/mean.hpp"

#include <algorithm>
#include <cassert>

namespace lumi::metrics {

namespace {

constexpr std::size_t k_lanes = 8;

double sum_of_leaf(std::span<const double> values) {
  if (values.size() < k_lanes) {
    double sum = 0;
    for (const double value : values) {
      sum += value;
    }
    return sum;
  }
  std::array<double, k_lanes> lanes{};
  std::copy_n(values.begin(), k_lanes, lanes.begin());
  std::size_t at = k_lanes;
  for (; at + k_lanes <= values.size(); at += k_lanes) {
    for (std::size_t lane = 0; lane < k_lanes; ++lane) {
      lanes[lane] += values[at + lane];
    }
  }
  double sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  for (; at < values.size(); ++at) {
    sum += values[at];
  }
  return sum;
}

}  // namespace

PairwiseMean::PairwiseMean(std::uint64_t count) : count_(count) { descend(count); }

void PairwiseMean::descend(std::uint64_t length) {
  while (length > k_leaf) {
    const std::uint64_t left = length / 2 / k_lanes * k_lanes;
    open_.push_back({length - left, 0, false});
    length = left;
  }
  leaf_length_ = static_cast<std::size_t>(length);
  leaf_filled_ = 0;
}

void PairwiseMean::finish_leaf() {
  double sum = sum_of_leaf(std::span(leaf_).first(leaf_length_));
  while (!open_.empty() && open_.back().is_in_right) {
    sum = open_.back().left_sum + sum;
    open_.pop_back();
  }
  if (open_.empty()) {
    sum_ = sum;
    leaf_length_ = 0;
    return;
  }
  open_.back().left_sum = sum;
  open_.back().is_in_right = true;
  descend(open_.back().right);
}

void PairwiseMean::add(std::span<const double> values) {
  while (!values.empty()) {
    assert(leaf_filled_ < leaf_length_);
    const auto taken = std::min(leaf_length_ - leaf_filled_, values.size());
    if (taken == 0) {
      return;
    }
    std::copy_n(values.begin(), taken, leaf_.begin() + static_cast<std::ptrdiff_t>(leaf_filled_));
    leaf_filled_ += taken;
    values = values.subspan(taken);
    if (leaf_filled_ == leaf_length_) {
      finish_leaf();
    }
  }
}

double pairwise_mean(std::span<const double> values) {
  PairwiseMean mean(values.size());
  mean.add(values);
  return mean.mean();
}

}  // namespace lumi::metrics
