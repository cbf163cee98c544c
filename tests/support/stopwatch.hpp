#pragma once
#include <chrono>

namespace lumi::test {

/// The time since `start`.
inline std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace lumi::test
