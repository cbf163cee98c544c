#include "core/statistics/paired_test.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

using namespace lumi::statistics;

TEST_CASE("paired tests say what sacreBLEU's arithmetic in numpy says") {
  const auto vectors = lumi::test::load_vectors("statistics.json")["pairs"];
  REQUIRE(vectors.size() == 10);
  for (const auto& expected : vectors) {
    const auto baseline = expected["baseline"].get<std::vector<double>>();
    const auto candidate = expected["candidate"].get<std::vector<double>>();
    CAPTURE(baseline.size());
    const auto found = paired_bootstrap(baseline, candidate, {});
    CHECK(found.difference == expected["difference"].get<double>());
    const bool is_alike = baseline == candidate;
    CHECK(found.p_value == (is_alike ? 1 : expected["bootstrap_p"].get<double>()));
    CHECK(found.interval.low == doctest::Approx(expected["low"].get<double>()).epsilon(1e-12));
    CHECK(found.interval.high == doctest::Approx(expected["high"].get<double>()).epsilon(1e-12));
    CHECK(approximate_randomization(baseline, candidate, {}) == expected["randomization_p"].get<double>());
  }
}

TEST_CASE("a system does not differ from itself") {
  const std::vector<double> values{0.1, 0.5, 0.9, 0.3};
  const auto found = paired_bootstrap(values, values, {});
  CHECK(found.difference == 0);
  CHECK(found.p_value == 1);
  CHECK(approximate_randomization(values, values, {}) == 1);
}

TEST_CASE("changing sides changes the sign and not the p-value of the bootstrap") {
  const std::vector<double> a{0.1, 0.5, 0.9, 0.3, 0.2};
  const std::vector<double> b{0.2, 0.7, 0.8, 0.6, 0.4};
  const auto forth = paired_bootstrap(a, b, {});
  const auto back = paired_bootstrap(b, a, {});
  CHECK(forth.difference == -back.difference);
  CHECK(forth.p_value == back.p_value);
  CHECK(forth.interval.low == doctest::Approx(-back.interval.high));
}

TEST_CASE("a few changed samples are not significant") {
  std::vector<double> baseline(10, 0.5);
  auto candidate = baseline;
  for (const std::size_t row : {1U, 4U, 7U}) {
    candidate[row] = 0.9;
  }
  CHECK(approximate_randomization(baseline, candidate, {}) == doctest::Approx(0.25).epsilon(0.05));
}
