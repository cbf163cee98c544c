#include "base/text.hpp"
#include "store/repositories/job_repository.hpp"
#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "the logs of a workflow without jobs are empty") {
  CHECK(json({"workflow", "logs", add("failed")}) == Json{{"logs", ""}});
  CHECK(lumi({"workflow", "logs", test::k_unknown_id}).exit == 5);
}

TEST_CASE_FIXTURE(test::WorkflowFixture, "following a workflow that has ended prints what its logs are") {
  const auto id = add("failed");
  CHECK(lumi({"workflow", "logs", id, "-f"}).out.empty());
  CHECK(lumi({"workflow", "logs", test::k_unknown_id, "-f"}).exit == 5);
  for (int i = 0; i < 2; ++i) {
    const auto job = create_job();
    store::JobRepository(*store::Database::open(store::Home(folder / "home"))).join_workflow(job, experiment, id);
  }
  const auto whole = lumi({"workflow", "logs", id}).out;
  CHECK(whole.find("succeeded\n\n================\n") != std::string::npos);
  CHECK(lumi({"workflow", "logs", id, "--follow"}).out == whole);
  CHECK(lumi({"workflow", "logs", id, "--follow", "--tail", "2"}).out ==
        lumi({"workflow", "logs", id, "--tail", "2"}).out);
  const auto objects = lumi({"workflow", "logs", id, "-f", "--json"}).out;
  std::string lines;
  for (const auto line : split(objects, '\n')) {
    lines += line.empty() ? "" : Json::parse(line)["logs"].get<std::string>() + "\n";
  }
  CHECK(lines == whole);
}
