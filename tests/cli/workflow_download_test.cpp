#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "there is nothing to download before the end, or after a failure") {
  const auto running = add_running();
  const auto failed = add("failed", "a reason", 1);
  for (const char* flag : {"--url", "--force"}) {
    CHECK(lumi({"workflow", "download", running, flag}).exit == 8);
    CHECK(lumi({"workflow", "download", failed, flag}).exit == 5);
    CHECK(lumi({"workflow", "download", test::k_unknown_id, flag}).exit == 5);
  }
}
