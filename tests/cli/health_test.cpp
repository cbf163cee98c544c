#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("health answers as Lumigator does, and creates nothing") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"health", "--json"}).out == "{\"status\":\"OK\",\"deployment_type\":\"local\"}\n");
  CHECK_FALSE(std::filesystem::exists(fixture.folder / "home"));
  setenv("DEPLOYMENT_TYPE", "staging", 1);
  CHECK(fixture.lumi({"health"}).out == "OK\tstaging\n");
  unsetenv("DEPLOYMENT_TYPE");
}

TEST_CASE("health sees a damaged store") {
  const test::CliFixture fixture;
  fixture.create_dataset();
  std::ofstream(fixture.folder / "home" / "lumi.db", std::ios::trunc) << "";
  const auto result = fixture.lumi({"health"});
  CHECK(result.exit == 12);
  CHECK(result.err.find("lumi.db") != std::string::npos);
}
