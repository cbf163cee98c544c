#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("dataset get takes ids and their prefixes") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  REQUIRE(id.size() == 36);
  for (const auto& name : {id, id.substr(0, 4), id.substr(0, 12)}) {
    CHECK(fixture.lumi({"dataset", "get", name, "--json=id,filename"}).out ==
          "{\"id\":\"" + id + "\",\"filename\":\"data.csv\"}\n");
  }
  CHECK(fixture.lumi({"dataset", "get", id.substr(0, 3)}).exit == 2);
}

TEST_CASE("dataset get: not found") {
  const test::CliFixture fixture;
  const auto result = fixture.lumi({"dataset", "get", "00000000-0000-4000-8000-000000000000", "--json"});
  CHECK(result.exit == 5);
  CHECK(result.out.empty());
  CHECK(result.err.find("\"code\":\"not_found\"") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(fixture.folder / "home"));
}

TEST_CASE("dataset get on a terminal is a list of names and values") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto result = fixture.lumi_at_terminal({"dataset", "get", id, "--color", "never"});
  CHECK(result.out.find("FILENAME      data.csv\n") != std::string::npos);
  CHECK(result.out.find("GROUND TRUTH  yes\n") != std::string::npos);
}
