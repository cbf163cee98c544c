#pragma once
#include <algorithm>
#include <chrono>

namespace lumi::worker {

/// A signal that comes just before a wait is noticed after this long.
inline constexpr std::chrono::milliseconds k_longest_sleep{100};

/// How long it is until `time`; zero if it has passed.
inline std::chrono::milliseconds time_until(std::chrono::steady_clock::time_point time) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds::zero());
}

}  // namespace lumi::worker
