#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "the logs of a workflow without jobs are empty") {
  CHECK(json({"workflow", "logs", add("failed")}) == Json{{"logs", ""}});
  CHECK(lumi({"workflow", "logs", test::k_unknown_id}).exit == 5);
}
