#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "experiment stop leaves what has ended") {
  add("succeeded", "", 0);
  CHECK(lumi({"experiment", "stop", experiment, "--json"}).out == "{\"stopped\":[]}\n");
  CHECK(lumi({"experiment", "stop", test::k_unknown_id}).exit == 5);
}
