#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "workflow delete refuses what runs, and needs --yes") {
  const auto running = add_running();
  const auto failed = add("failed");
  CHECK(lumi({"workflow", "delete", running, "--yes"}).exit == 6);
  CHECK(lumi({"workflow", "delete", failed}).exit == 2);
  CHECK(lumi({"workflow", "delete", failed, "--dry-run"}).out == failed + "\n");
  CHECK(lumi({"workflow", "delete", failed, running, "--yes"}).exit == 6);
  CHECK(json({"workflow", "list"})["total"] == 1);
  CHECK(lumi({"workflow", "delete", failed, "--yes"}).exit == 5);
  CHECK_FALSE(std::filesystem::exists(folder / "home" / "jobs" / failed));
}
