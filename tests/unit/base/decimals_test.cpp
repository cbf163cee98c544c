#include "base/decimals.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace lumi;

TEST_CASE("numbers for people have the digits that are asked for") {
  CHECK(decimals(0.53942, 4) == "0.5394");
  CHECK(decimals(12.0, 0) == "12");
  CHECK(decimals(-1e300, 0).size() == 302);
  CHECK(signed_decimals(0.25, 2) == "+0.25");
  CHECK(signed_decimals(-0.25, 2) == "-0.25");
  CHECK(signed_decimals(0, 1) == "+0.0");
  CHECK(percent(0.96) == "96.0%");
}

TEST_CASE("what is no number is a dash, without a sign") {
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    CHECK(decimals(value, 4) == "-");
    CHECK(signed_decimals(value, 4) == "-");
  }
}
