#include "core/metrics/mean.hpp"
#include "core/statistics/bootstrap.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

using namespace lumi::statistics;

TEST_CASE("the interval of a mean is numpy's") {
  const auto vectors = lumi::test::load_vectors("statistics.json")["bootstrap_of_means"];
  REQUIRE(vectors.size() == 6);
  for (const auto& expected : vectors) {
    const auto values = expected["values"].get<std::vector<double>>();
    CAPTURE(values.size());
    const auto means = resampled_means(values, {});
    CHECK(lumi::metrics::pairwise_mean(means) == expected["mean_of_resamples"].get<double>());
    const auto interval = bootstrap_interval(values, {});
    CHECK(interval.low == doctest::Approx(expected["low"].get<double>()).epsilon(1e-12));
    CHECK(interval.high == doctest::Approx(expected["high"].get<double>()).epsilon(1e-12));
    CHECK(percentile_interval(means, 0).low == doctest::Approx(expected["median"].get<double>()).epsilon(1e-12));
  }
}

TEST_CASE("the interval of a constant is that constant") {
  const std::vector<double> values(17, 0.3);
  const auto interval = bootstrap_interval(values, {});
  CHECK(interval.low == doctest::Approx(0.3));
  CHECK(interval.high == doctest::Approx(0.3));
  CHECK(bootstrap_interval(std::vector<double>{0.7}, {}).high == 0.7);
}

TEST_CASE("more confidence widens the interval") {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) {
    values.push_back(i % 7);
  }
  const auto narrow = bootstrap_interval(values, {1000, 12345, 0.8});
  const auto wide = bootstrap_interval(values, {1000, 12345, 0.99});
  CHECK(wide.low < narrow.low);
  CHECK(wide.high > narrow.high);
}
