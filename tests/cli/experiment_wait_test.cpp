#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "experiment wait exits as the most urgent of its workflows did") {
  CHECK(lumi({"experiment", "wait", experiment}).exit == 0);
  add("succeeded", "", 0);
  CHECK(json({"experiment", "wait", experiment})["items"][0]["id"] == experiment);
  add("failed", "no", 7);
  add("succeeded", "", 3);
  CHECK(lumi({"experiment", "wait", experiment}).exit == 7);
  CHECK(lumi({"experiment", "wait", test::k_unknown_id}).exit == 5);
}

TEST_CASE_FIXTURE(test::WorkflowFixture, "experiment wait ends when its time is over") {
  add_running();
  CHECK(lumi({"experiment", "wait", experiment, "--timeout", "0"}).exit == 8);
}
