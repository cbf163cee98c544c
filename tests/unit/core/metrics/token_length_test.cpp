#include "core/metrics/registry.hpp"
#include "core/metrics/token_length.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

TEST_CASE("token lengths agree with Lumigator's estimate") {
  using lumi::metrics::estimate_tokens;
  const auto cases = lumi::test::load_vector_lines("dev.jsonl");
  for (const auto& expected : cases) {
    CAPTURE(expected["tag"]);
    CHECK(estimate_tokens(expected["prediction"].get<std::string>()) == expected["token_length"]["pred"].get<double>());
    CHECK(estimate_tokens(expected["reference"].get<std::string>()) == expected["token_length"]["ref"].get<double>());
  }
  for (const auto& expected : lumi::test::load_vector_lines("more.jsonl")) {
    CHECK(estimate_tokens(expected["prediction"].get<std::string>()) == expected["token_length"]["pred"].get<double>());
    CHECK(estimate_tokens(expected["references"][0].get<std::string>()) ==
          expected["token_length"]["ref"].get<double>());
  }
}

TEST_CASE("the token_length metric gives the reference first") {
  const auto metric = lumi::metrics::make_metric({"token_length", {}}, {});
  const std::string_view reference = "one two three";
  const lumi::metrics::Sample sample = {"one", std::span(&reference, 1), {}};
  std::vector<double> fields(2);
  metric->make_scorer()->score(std::span(&sample, 1), {fields, {}});
  CHECK(fields == std::vector<double>{4, 1});
}
