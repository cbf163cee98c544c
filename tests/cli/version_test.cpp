#include "base/version.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("lumi version and lumi --version") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"--version"}).out == "lumi " + std::string(k_version) + "\n");
  CHECK(fixture.lumi({"version", "--json=version"}).out == "{\"version\":\"" + std::string(k_version) + "\"}\n");
  CHECK(fixture.lumi({"--json=version", "version"}).exit == 0);
}

TEST_CASE("an unknown JSON field is refused with the list") {
  const test::CliFixture fixture;
  const auto result = fixture.lumi({"version", "--json=versoin"});
  CHECK(result.exit == 2);
  CHECK(result.out.empty());
  CHECK(result.err.find("did you mean \\\"version\\\"?") != std::string::npos);
  CHECK(result.err.find("version,compiler") != std::string::npos);
}

TEST_CASE("fields behind a space are refused with the way to write them") {
  const test::CliFixture fixture;
  const auto result = fixture.lumi({"version", "--json", "version,compiler"});
  CHECK(result.exit == 2);
  CHECK(result.err.find("write --json=version,compiler") != std::string::npos);
}
