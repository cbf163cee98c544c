#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "workflow resume refuses what runs and leaves what is done") {
  CHECK(lumi({"workflow", "resume", add_running()}).exit == 6);
  const auto done = lumi({"workflow", "resume", add("succeeded", "", 0)});
  CHECK(done.exit == 0);
  CHECK(done.err.find("nothing to do") != std::string::npos);
  CHECK(lumi({"workflow", "resume", test::k_unknown_id}).exit == 5);
  CHECK(lumi({"workflow", "resume", add("failed"), "--retry", "ok"}).exit == 2);
}
