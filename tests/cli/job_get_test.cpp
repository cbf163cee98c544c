#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("job get shows the whole job, by id or prefix") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  REQUIRE(id.size() == 36);
  const auto job = nlohmann::json::parse(fixture.lumi({"job", "get", id.substr(0, 8), "--json"}).out);
  CHECK(job["id"] == id);
  CHECK(job["submission_id"] == id);
  CHECK(job["name"] == "evaluate predictions.csv");
  CHECK(job["message"].is_string());
  CHECK(job["start_time"].get<std::string>().ends_with("Z"));
  CHECK(fixture.lumi({"job", "get", "00000000-0000-4000-8000-000000000000"}).exit == 5);
  CHECK(fixture.lumi_at_terminal({"job", "get", id, "--color", "never"}).out.find("succeeded") != std::string::npos);
}
