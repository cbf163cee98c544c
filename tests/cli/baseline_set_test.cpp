#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::CliFixture, "a baseline stands for its evaluation in comparisons") {
  const auto job = create_job();
  const auto set = Json::parse(lumi({"baseline", "set", "main", job.substr(0, 8), "--json"}).out);
  CHECK(set["name"] == "main");
  CHECK(set["job_id"] == job);
  CHECK(set["created_at"].get<std::string>().ends_with("Z"));
  const auto compared = Json::parse(lumi({"compare", "main", job, "--json"}).out);
  CHECK(compared["baseline_id"] == "main");
  CHECK(lumi({"query", "SELECT name, job_id FROM baselines"}).out == "main\t" + job + "\n");
  CHECK(lumi({"compare", "mian", job}).exit == 5);
  CHECK(lumi({"compare", "mian", job}).err.find("main") != std::string::npos);
}

TEST_CASE_FIXTURE(test::CliFixture, "a name moves to another evaluation") {
  const auto first = create_job();
  const auto second = create_job();
  CHECK(lumi({"baseline", "set", "main", first}).exit == 0);
  CHECK(lumi({"baseline", "set", "main", second}).exit == 0);
  const auto listing = Json::parse(lumi({"baseline", "list", "--json"}).out);
  CHECK(listing["total"] == 1);
  CHECK(listing["items"][0]["job_id"] == second);
  CHECK(lumi({"job", "delete", first, "--yes"}).exit == 0);
}

TEST_CASE_FIXTURE(test::CliFixture, "what could be an id or a file cannot be a name") {
  const auto job = create_job();
  for (const auto* name : {"", " ", "a.json", "a/b", "-", "3f2a91c0", "dead"}) {
    CAPTURE(name);
    CHECK(lumi({"baseline", "set", name, job}).exit == 2);
  }
  CHECK(lumi({"baseline", "set", "main", "00000000-0000-4000-8000-000000000000"}).exit == 5);
  CHECK(lumi({"baseline", "set", "main"}).exit == 2);
}

TEST_CASE_FIXTURE(test::CliFixture, "an evaluation that has a name is deleted with --force only") {
  const auto job = create_job();
  CHECK(lumi({"baseline", "set", "main", job}).exit == 0);
  const auto refused = lumi({"job", "delete", job, "--yes"});
  CHECK(refused.exit == 6);
  CHECK(refused.err.find("is the baseline \"main\"") != std::string::npos);
  CHECK(lumi({"job", "delete", job, "--yes", "--force"}).exit == 0);
  CHECK(Json::parse(lumi({"baseline", "list", "--json"}).out)["total"] == 0);
}
