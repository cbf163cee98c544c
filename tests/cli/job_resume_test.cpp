#include "support/cli_jobs.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

using namespace lumi;
using Json = nlohmann::json;

namespace {

/// Takes back what a job came to: as if it had been killed before its end.
void lose_end(const test::CliFixture& fixture, const std::string& id) {
  const store::Home home(fixture.folder / "home");
  const auto database = store::Database::open(home);
  store::JobRepository jobs(*database);
  REQUIRE(jobs.resume({id, 1, "succeeded"}, SystemClock().now()));
}

}  // namespace

TEST_CASE("job resume runs an evaluation again") {
  const test::JobFixture fixture;
  const auto id = fixture.create_job();
  const auto before = Json::parse(fixture.lumi({"job", "result", id, "--json"}).out);
  lose_end(fixture, id);
  CHECK(fixture.status(id) == "failed");
  const auto result = fixture.lumi({"job", "resume", id.substr(0, 8), "--json"});
  CHECK(result.exit == 0);
  CHECK(result.err.starts_with("{\"log\":{\"job_id\":\"" + id + "\"}}\n"));
  CHECK(Json::parse(result.out)["status"] == "succeeded");
  CHECK(Json::parse(fixture.lumi({"job", "result", id, "--json"}).out) == before);
  CHECK(fixture.lumi({"job", "logs", id}).out.find("started, attempt 3") != std::string::npos);
}

TEST_CASE("job resume has nothing to do for an evaluation that succeeded") {
  const test::JobFixture fixture;
  const auto id = fixture.create_job();
  const auto result = fixture.lumi({"job", "resume", id, "--json"});
  CHECK(result.exit == 0);
  CHECK(result.err.find("nothing to do") != std::string::npos);
  CHECK(Json::parse(result.out)["status"] == "succeeded");
  CHECK(fixture.lumi({"job", "resume", id, "--retry", "error"}).exit == 2);
  CHECK(fixture.lumi({"job", "resume", id, "--retry", "ok"}).exit == 2);
  CHECK(fixture.lumi({"job", "resume", id, "--max-cost", "1"}).exit == 2);
}

TEST_CASE("job resume changes nothing where the job cannot run") {
  test::JobFixture fixture;
  const auto id = fixture.create_job();
  lose_end(fixture, id);
  const auto dataset = fixture.lumi({"dataset", "list", "--json=id"}).out;
  fixture.lumi({"dataset", "delete", Json::parse(dataset)["items"][0]["id"], "--yes", "--force"});
  const auto message = fixture.lumi({"job", "get", id, "--json=message"}).out;
  CHECK(fixture.lumi({"job", "resume", id}).exit == 5);
  CHECK(fixture.status(id) == "failed");
  CHECK(fixture.lumi({"job", "get", id, "--json=message"}).out == message);
  CHECK(fixture.lumi({"job", "resume", test::k_unknown_job}).exit == 5);
}

TEST_CASE("job resume leaves a job to the process that works on it") {
  test::JobFixture fixture;
  const auto id = fixture.start_job();
  const auto result = fixture.lumi({"job", "resume", id});
  CHECK(result.exit == 6);
  CHECK(result.err.find("process ") != std::string::npos);
  CHECK(fixture.status(id) == "running");
}

TEST_CASE("job resume --detach shows the job at once and runs on") {
  const test::JobFixture fixture;
  const auto id = fixture.create_job();
  lose_end(fixture, id);
  const auto result = fixture.lumi({"job", "resume", id, "--detach", "--json"});
  CHECK(result.exit == 0);
  const auto shown = Json::parse(result.out);
  CHECK(shown.size() == 8);
  CHECK(shown["id"] == id);
  CHECK(shown["status"] == "created");
  CHECK(fixture.lumi({"job", "wait", id, "--timeout", "60s"}).exit == 0);
}
