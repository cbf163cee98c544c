#pragma once
#include "core/metrics/metric.hpp"

#include <algorithm>
#include <cstddef>

namespace lumi::metrics {

/// Scorers give scratch memory back after a sample with more text than this.
constexpr std::size_t k_large_sample_bytes = std::size_t{1} << 20;

/// The bytes of a sample's prediction and references.
inline std::size_t text_bytes(const Sample& sample) {
  std::size_t bytes = sample.prediction.size();
  for (const auto reference : sample.references) {
    bytes += reference.size();
  }
  return bytes;
}

/// For how many different tokens to make room at first.
inline std::size_t expected_tokens(std::size_t bytes) {
  constexpr std::size_t k_bytes_per_token = 6;
  return std::min(bytes, k_large_sample_bytes) / k_bytes_per_token;
}

}  // namespace lumi::metrics
