#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE_FIXTURE(test::CliFixture, "baseline list shows names and jobs, newest first") {
  CHECK(lumi({"baseline", "list", "--json"}).out == "{\"total\":0,\"items\":[]}\n");
  const auto job = create_job();
  CHECK(lumi({"baseline", "set", "old one", job}).exit == 0);
  CHECK(lumi({"baseline", "set", "new one", job}).exit == 0);
  const auto listing = nlohmann::json::parse(lumi({"baseline", "list", "--json=name"}).out);
  CHECK(listing.dump() == R"({"items":[{"name":"new one"},{"name":"old one"}],"total":2})");
  CHECK(lumi({"baseline", "list", "--limit", "1"}).out.starts_with("new one\t" + job + "\t"));
}
