#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("job result: scores in a pipe, everything as JSON") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  CHECK(fixture.lumi({"job", "result", id}).out.starts_with("rouge1\t0.5238095238095238\t3\n"));
  const auto result = nlohmann::json::parse(fixture.lumi({"job", "result", id, "--json"}).out);
  CHECK(result["id"] == id);
  CHECK(result["job_id"] == id);
  CHECK(result["n"] == 3);
  CHECK(result["location"] == "file:jobs/results/evaluate-predictions.csv/" + id + "/results.json");
  CHECK(result["metrics"]["token_length"]["pred_token_length_mean"] == doctest::Approx((4 + 2 + 1) / 3.0));
}
