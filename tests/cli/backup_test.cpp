#include "base/file.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("backup writes one file and never over another") {
  const test::CliFixture fixture;
  const auto file = (fixture.folder / "backup.tar").string();
  CHECK(fixture.lumi({"backup", file}).exit == 5);
  fixture.create_dataset();
  const auto summary = nlohmann::json::parse(fixture.lumi({"backup", file, "--json"}).out);
  CHECK(summary["datasets"] == 1);
  CHECK(summary["objects"] == 1);
  CHECK(fixture.lumi({"backup", file}).exit == 6);
  CHECK(fixture.lumi({"backup", file, "--force", "--no-objects"}).exit == 0);
}
