#pragma once
#include <algorithm>
#include <cstdint>

/// What a number comes to that lies in memory shared with processes that may have ended anywhere, or in a file that is
/// damaged: it can be any.
namespace lumi::inference {

/// How long `time_us` was before `now_us`, which is a time of the clock; negative if it is later.
inline std::int64_t since_us(std::int64_t now_us, std::int64_t time_us) {
  return now_us - std::max<std::int64_t>(0, time_us);
}

/// A count that processes can have come to; 0 for any other.
inline std::int64_t sane_count(std::int64_t seen) {
  constexpr std::int64_t k_most = 1'000'000;
  return seen >= 0 && seen <= k_most ? seen : 0;
}

}  // namespace lumi::inference
