#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("import: what was exported is there again, once") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  const auto folder = (fixture.folder / "out").string();
  const auto other = (fixture.folder / "other").string();
  REQUIRE(fixture.lumi({"export", id, "-o", folder}).exit == 0);
  const auto before = fixture.lumi({"job", "samples", id}).out;
  CHECK(nlohmann::json::parse(fixture.lumi({"import", folder, "--home", other, "--json"}).out)["jobs"] == 1);
  CHECK(fixture.lumi({"job", "samples", id, "--home", other}).out == before);
  const auto again = nlohmann::json::parse(fixture.lumi({"import", folder, "--home", other, "--json"}).out);
  CHECK(again["jobs"] == 0);
  CHECK(again["skipped"] == 2);
  CHECK(fixture.lumi({"import", other}).exit == 5);
  CHECK(fixture.lumi({"import"}).exit == 2);
}
