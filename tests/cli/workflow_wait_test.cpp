#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "workflow wait exits as the workflow did") {
  CHECK(lumi({"workflow", "wait", add("succeeded", "", 0)}).exit == 0);
  for (const int code : {1, 4, 7, 10}) {
    CHECK(lumi({"workflow", "wait", add("failed", "a reason", code)}).exit == code);
  }
  CHECK(lumi({"workflow", "wait", add("succeeded", "", 3)}).exit == 3);
  CHECK(lumi({"workflow", "wait", add("failed", "stopped", 143)}).exit == 1);
  CHECK(lumi({"workflow", "wait", add("running")}).exit == 1);
  CHECK(lumi({"workflow", "wait", test::k_unknown_id}).exit == 5);
  const auto running = lumi({"workflow", "wait", add_running(), "--timeout", "0", "--json"});
  CHECK(running.exit == 8);
  CHECK(Json::parse(running.out)["items"][0]["status"] == "running");
}
