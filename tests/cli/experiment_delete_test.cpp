#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "experiment delete takes its workflows along and leaves the dataset") {
  const auto workflow = add("failed");
  CHECK(lumi({"dataset", "delete", dataset, "--yes"}).exit == 6);
  CHECK(lumi({"experiment", "delete", experiment}).exit == 2);
  CHECK(lumi({"experiment", "delete", experiment, "--yes", "--json"}).out ==
        "{\"deleted\":[\"" + experiment + "\"]}\n");
  CHECK(lumi({"experiment", "get", experiment}).exit == 5);
  CHECK(lumi({"workflow", "get", workflow}).exit == 5);
  CHECK(lumi({"dataset", "delete", dataset, "--yes"}).exit == 0);
  CHECK(lumi({"experiment", "delete", experiment, "--yes"}).exit == 5);
  CHECK(lumi({"experiment", "delete", experiment, "--yes", "--ignore-not-found"}).exit == 0);
}

TEST_CASE_FIXTURE(test::WorkflowFixture, "an experiment that runs is not deleted") {
  add("succeeded");
  const auto running = add_running();
  const auto refused = lumi({"experiment", "delete", experiment, "--yes"});
  CHECK(refused.exit == 6);
  CHECK(refused.err.find(running) != std::string::npos);
  CHECK(json({"experiment", "get", experiment})["workflows"].size() == 2);
}
