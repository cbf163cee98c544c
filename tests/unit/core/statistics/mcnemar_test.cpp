#include "core/statistics/mcnemar.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

using lumi::statistics::mcnemar;

TEST_CASE("McNemar's test has the p-values of statsmodels") {
  const auto vectors = lumi::test::load_vectors("statistics.json")["mcnemar"];
  REQUIRE(vectors.size() == 8);
  for (const auto& expected : vectors) {
    const auto first = expected[0].get<std::uint64_t>();
    const auto second = expected[1].get<std::uint64_t>();
    CAPTURE(first);
    CHECK(mcnemar(first, second) == doctest::Approx(expected[2].get<double>()).epsilon(1e-9));
    CHECK(mcnemar(second, first) == mcnemar(first, second));
  }
  CHECK(mcnemar(0, 0) == 1);
}
