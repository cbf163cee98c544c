#include "support/cli.hpp"
#include "support/environment.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace lumi;

TEST_CASE("storage check tries the local store and leaves nothing behind") {
  const test::CliFixture fixture;
  const auto result = fixture.lumi({"storage", "check", "--json"});
  CHECK(result.exit == 0);
  CHECK(result.err.empty());
  const auto report = nlohmann::json::parse(result.out);
  CHECK(report["storage"] == "file:");
  CHECK(report["endpoint"].is_null());
  CHECK(report["credentials"].is_null());
  for (const char* step : {"write_ms", "read_ms", "list_ms", "delete_ms"}) {
    CAPTURE(step);
    CHECK(report[step].get<double>() > 0);
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(fixture.folder / "home" / "objects")) {
    CHECK(entry.path() == "");
  }
}

TEST_CASE("storage check fails as the storage does") {
  const test::CliFixture fixture;
  const auto file = fixture.file("no-folder", "x");
  CHECK(fixture.lumi({"storage", "check", "--storage", "file://" + file + "/below"}).exit != 0);
  CHECK(fixture.lumi({"storage", "check", "--storage", "ftp://host"}).exit == 2);
  CHECK(fixture.lumi({"storage", "check", "more"}).exit == 2);
}
