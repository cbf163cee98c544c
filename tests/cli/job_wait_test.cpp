#include "support/cli_jobs.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;
using Json = nlohmann::json;

namespace {

Json last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  const auto start = text.rfind('\n', end);
  return Json::parse(text.substr(start == std::string::npos ? 0 : start + 1));
}

}  // namespace

TEST_CASE("job wait exits as the job did") {
  const test::JobFixture fixture;
  CHECK(fixture.lumi({"job", "wait", fixture.add("succeeded", 0)}).exit == 0);
  CHECK(fixture.lumi({"job", "wait", fixture.add("succeeded")}).exit == 0);
  for (const int code : {1, 4, 7, 10, 11, 12}) {
    CHECK(fixture.lumi({"job", "wait", fixture.add("failed", code)}).exit == code);
  }
  for (const int code : {3, 9}) {
    const auto result = fixture.lumi({"job", "wait", fixture.add("succeeded", code), "--json"});
    CHECK(result.exit == code);
    CHECK(last_line(result.err)["error"]["exit_code"] == code);
  }
  CHECK(fixture.lumi({"job", "wait", fixture.add("stopped", 143)}).exit == 1);
  CHECK(fixture.lumi({"job", "wait", fixture.add("failed")}).exit == 1);
  const auto orphan = fixture.lumi({"job", "wait", fixture.add("running")});
  CHECK(orphan.exit == 1);
  CHECK(orphan.err.find("interrupted") != std::string::npos);
  CHECK(fixture.lumi({"job", "wait", test::k_unknown_job}).exit == 5);
  CHECK(fixture.lumi({"job", "wait"}).exit == 2);
}

TEST_CASE("job wait shows the jobs as they ended, whatever the exit code") {
  const test::JobFixture fixture;
  const auto good = fixture.add("succeeded", 0);
  const auto bad = fixture.add("failed", 7);
  const auto result = fixture.lumi({"job", "wait", good, bad, good.substr(0, 8), test::k_unknown_job, "--json"});
  CHECK(result.exit == 7);
  const auto shown = Json::parse(result.out);
  CHECK(shown["total"] == 2);
  CHECK(shown["items"][0]["id"] == good);
  CHECK(shown["items"][1]["status"] == "failed");
  CHECK(result.err.find(std::string("job \\\"") + test::k_unknown_job + "\\\" not found") != std::string::npos);
  CHECK(last_line(result.err)["error"]["message"] == "job \"" + bad + "\" failed: a reason");
}

TEST_CASE("job wait waits, as long as it may") {
  test::JobFixture fixture;
  const auto done = fixture.add("succeeded", 0);
  const auto id = fixture.start_job(400);
  const auto early = fixture.lumi({"job", "wait", id, "--timeout", "0", "--json"});
  CHECK(early.exit == 8);
  CHECK(last_line(early.err)["error"]["code"] == "pending");
  CHECK(Json::parse(early.out)["items"][0]["status"] == "running");
  CHECK(fixture.lumi({"job", "wait", id, done, "--any"}).exit == 0);
  CHECK(fixture.status(id) == "running");
  const auto late = fixture.lumi({"job", "wait", id});
  CHECK(late.exit == 0);
  CHECK(late.err.find("waiting for job " + id) != std::string::npos);
  CHECK(fixture.status(id) == "succeeded");
  CHECK(fixture.lumi({"job", "wait", id, "--timeout", "soon"}).exit == 2);
}

TEST_CASE("job wait --any exits as the one did that has ended") {
  test::JobFixture fixture;
  const auto failed = fixture.add("failed", 4);
  CHECK(fixture.lumi({"job", "wait", fixture.start_job(), failed, "--any"}).exit == 4);
}
