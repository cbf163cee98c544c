#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "experiment get shows the workflows, newest first") {
  const auto first = add("succeeded");
  const auto second = add("failed", "a reason", 7);
  const auto shown = json({"experiment", "get", experiment.substr(0, 6)});
  CHECK(shown["id"] == experiment);
  REQUIRE(shown["workflows"].size() == 2);
  CHECK(shown["workflows"][0]["id"] == second);
  CHECK(shown["workflows"][0]["lumi"]["reason"] == "a reason");
  CHECK(shown["workflows"][1]["id"] == first);
  CHECK(lumi({"experiment", "get", test::k_unknown_id}).exit == 5);
  CHECK(lumi({"experiment", "get", "abc"}).exit == 2);
}
