#include "base/error.hpp"
#include "core/metrics/metric.hpp"

#include <doctest/doctest.h>

TEST_CASE("metric options by name") {
  const lumi::metrics::Options options({{"smooth", "true"}, {"alpha", "0.9"}});
  CHECK(options.flag("smooth"));
  CHECK(options.number("alpha") == doctest::Approx(0.9));
  CHECK_THROWS_AS(options.text("beta"), lumi::Error);
}
