#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "workflow list is newest first, by experiment and status") {
  CHECK(json({"workflow", "list"}) == Json{{"total", 0}, {"items", Json::array()}});
  const auto first = add("succeeded");
  const auto second = add("failed");
  CHECK(json({"workflow", "list"})["items"][0]["id"] == second);
  CHECK(json({"workflow", "list", "--status", "succeeded"})["items"][0]["id"] == first);
  CHECK(json({"workflow", "list", "--experiment", experiment, "--limit", "1"})["total"] == 2);
  CHECK(lumi({"workflow", "list", "--experiment", test::k_unknown_id}).exit == 5);
  CHECK(lumi({"workflow", "list", "--status", "stopped"}).exit == 2);
}
