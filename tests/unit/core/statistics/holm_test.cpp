#include "core/statistics/holm.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

using lumi::statistics::holm;

TEST_CASE("Holm's adjustment is that of statsmodels") {
  const auto vectors = lumi::test::load_vectors("statistics.json")["holm"];
  REQUIRE(vectors.size() == 3);
  for (const auto& expected : vectors) {
    const auto adjusted = holm(expected["p"].get<std::vector<double>>());
    const auto wanted = expected["adjusted"].get<std::vector<double>>();
    REQUIRE(adjusted.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      CHECK(adjusted[i] == doctest::Approx(wanted[i]).epsilon(1e-12));
    }
  }
  CHECK(holm({}).empty());
}
