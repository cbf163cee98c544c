#include "support/cli_jobs.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("job stop ends what runs and leaves the rest as it is") {
  test::JobFixture fixture;
  const auto running = fixture.start_job();
  const auto done = fixture.add("succeeded", 0);
  const auto orphan = fixture.add("running");
  const auto result = fixture.lumi({"job", "stop", done, running, orphan, test::k_unknown_job, "--json"});
  CHECK(result.exit == 5);
  CHECK(result.out == "{\"stopped\":[\"" + running + "\"]}\n");
  CHECK(fixture.status(running) == "stopped");
  CHECK(fixture.status(done) == "succeeded");
  CHECK(fixture.status(orphan) == "failed");
  CHECK(fixture.lumi({"job", "stop", running}).exit == 0);
  CHECK(fixture.lumi({"job", "stop"}).exit == 2);
}

TEST_CASE("job stop tells of a job that goes on") {
  test::JobFixture fixture;
  const auto id = fixture.start_job();
  CHECK(fixture.lumi({"job", "stop", id, "--timeout", "0"}).exit == 8);
}
