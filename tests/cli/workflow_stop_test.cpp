#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "workflow stop leaves what has ended") {
  const auto id = add("succeeded", "", 0);
  const auto result = lumi({"workflow", "stop", id});
  CHECK(result.exit == 0);
  CHECK(result.err.find("has ended already") != std::string::npos);
  CHECK(lumi({"workflow", "stop", test::k_unknown_id}).exit == 5);
}
