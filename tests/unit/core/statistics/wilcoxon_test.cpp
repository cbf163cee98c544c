#include "core/statistics/wilcoxon.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

using lumi::statistics::wilcoxon;

TEST_CASE("the signed-rank test has scipy's p-values") {
  const auto vectors = lumi::test::load_vectors("statistics.json")["pairs"];
  for (const auto& expected : vectors) {
    auto differences = expected["candidate"].get<std::vector<double>>();
    const auto baseline = expected["baseline"].get<std::vector<double>>();
    for (std::size_t i = 0; i < baseline.size(); ++i) {
      differences[i] -= baseline[i];
    }
    CAPTURE(baseline.size());
    const auto found = wilcoxon(differences);
    CHECK(found.positive + found.negative + found.zero == baseline.size());
    if (expected["wilcoxon_p"].is_null()) {
      CHECK(found.p_value == 1);
      CHECK(found.effect() == 0);
    } else {
      CHECK(found.p_value == doctest::Approx(expected["wilcoxon_p"].get<double>()).epsilon(1e-9));
    }
  }
}

TEST_CASE("the effect is the share of ranks in favour minus that against") {
  CHECK(wilcoxon(std::vector<double>{0.1, 0.2, 0.3}).effect() == 1);
  CHECK(wilcoxon(std::vector<double>{-0.1, -0.2}).effect() == -1);
  CHECK(wilcoxon(std::vector<double>{0.2, -0.2, 0}).effect() == 0);
  CHECK(wilcoxon(std::vector<double>{}).p_value == 1);
}
