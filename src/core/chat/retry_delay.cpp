#include "core/chat/retry_delay.hpp"

#include "core/chat/failure.hpp"

#include <algorithm>
#include <cmath>

namespace lumi::chat {

using std::chrono::milliseconds;

milliseconds retry_delay(const Verdict& verdict, std::int64_t tries, double random) {
  constexpr double k_first_ms = 500;
  constexpr double k_longest_ms = 20'000;
  constexpr std::int64_t k_enough_doublings = 10;
  if (verdict.server_delay) {
    const auto wait_ms = static_cast<double>(verdict.server_delay->count());
    return milliseconds(std::llround(wait_ms + wait_ms * random / 4));
  }
  const auto doublings = std::clamp<std::int64_t>(tries - 1, 0, k_enough_doublings);
  return milliseconds(
      std::llround(random * std::min(k_longest_ms, std::ldexp(k_first_ms, static_cast<int>(doublings)))));
}

}  // namespace lumi::chat
