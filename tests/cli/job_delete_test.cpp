#include "support/cli_jobs.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace lumi;

TEST_CASE("job delete needs --yes where nobody can be asked") {
  const test::JobFixture fixture;
  const auto id = fixture.create_job();
  CHECK(fixture.lumi({"job", "delete", id}).exit == 2);
  CHECK(fixture.lumi({"job", "delete", id, "--force"}).exit == 2);
  CHECK(fixture.lumi({"job", "delete", id, "--dry-run", "--json"}).out == "{\"would_delete\":[\"" + id + "\"]}\n");
  CHECK(fixture.lumi({"job", "get", id}).exit == 0);
  CHECK(fixture.lumi({"job", "delete", id, "--yes", "--json"}).out == "{\"deleted\":[\"" + id + "\"]}\n");
  CHECK(fixture.lumi({"job", "get", id}).exit == 5);
  CHECK_FALSE(std::filesystem::exists(fixture.folder / "home" / "objects" / "jobs"));
  CHECK(std::filesystem::is_empty(fixture.folder / "home" / "jobs"));
  CHECK(fixture.lumi({"dataset", "list"}).out.find("predictions.csv") != std::string::npos);
}

TEST_CASE("job delete asks on a terminal") {
  const test::JobFixture fixture;
  const auto id = fixture.add("failed", 1);
  const auto no = fixture.lumi_at_terminal({"job", "delete", id}, "n\n");
  CHECK(no.err.find("Delete job " + id + " (job 1)? [y/N]") != std::string::npos);
  CHECK(fixture.status(id) == "failed");
  CHECK(fixture.lumi_at_terminal({"job", "delete", id}, "y\n").exit == 0);
  CHECK(fixture.lumi({"job", "get", id}).exit == 5);
}

TEST_CASE("job delete tries every id") {
  const test::JobFixture fixture;
  const auto id = fixture.add("stopped");
  CHECK(fixture.lumi({"job", "delete", test::k_unknown_job, id, "--yes"}).exit == 5);
  CHECK(fixture.lumi({"job", "list"}).out.empty());
  CHECK(fixture.lumi({"job", "delete", id, "--yes", "--ignore-not-found"}).exit == 0);
}

TEST_CASE("job delete leaves a running job alone, unless it is forced to stop it") {
  test::JobFixture fixture;
  const auto id = fixture.start_job();
  CHECK(fixture.lumi({"job", "delete", id, "--dry-run"}).exit == 6);
  const auto refused = fixture.lumi({"job", "delete", id, "--yes"});
  CHECK(refused.exit == 6);
  CHECK(refused.err.find("--force") != std::string::npos);
  CHECK(fixture.status(id) == "running");
  CHECK(fixture.lumi({"job", "delete", id, "--yes", "--force"}).exit == 0);
  CHECK(fixture.lumi({"job", "get", id}).exit == 5);
}
