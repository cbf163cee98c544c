#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "experiment list is newest first and takes any skip and limit") {
  const auto second = json({"experiment", "create", "--name", "f", "--dataset", dataset})["id"];
  const auto all = json({"experiment", "list"});
  CHECK(all["total"] == 2);
  CHECK(all["items"][0]["id"] == second);
  const auto rest = json({"experiment", "list", "--skip", "1"});
  CHECK(rest["total"] == 2);
  CHECK(rest["items"].size() == 1);
  CHECK(json({"experiment", "list", "--limit", "-1"})["items"].size() == 2);
  CHECK(json({"experiment", "list", "--skip", "9"})["items"].empty());
  CHECK(lumi({"experiment", "list"}).out.find("\te\t") != std::string::npos);
}
