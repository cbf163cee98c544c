#pragma once
#include <string>

namespace lumi {

/// A number for people, with `digits` (at most 9) behind the point; "-" where it is not finite.
std::string decimals(double value, int digits);

/// The same with a sign, also a plus.
std::string signed_decimals(double value, int digits);

/// A share for people: 0.96 is "96.0%".
std::string percent(double share);

}  // namespace lumi
