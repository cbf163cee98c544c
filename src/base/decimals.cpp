#include "base/decimals.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace lumi {

std::string decimals(double value, int digits) {
  if (!std::isfinite(value)) {
    return "-";
  }
  std::array<char, 400> buffer{};  // the largest double has 309 digits before the point
  std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, value);
  return buffer.data();
}

std::string signed_decimals(double value, int digits) {
  return (value >= 0 && std::isfinite(value) ? "+" : "") + decimals(value, digits);
}

std::string percent(double share) { return decimals(100 * share, 1) + "%"; }

}  // namespace lumi
