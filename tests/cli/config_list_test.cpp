#include "core/config/settings.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("config list shows every setting with its origin") {
  const test::CliFixture fixture;
  setenv("LUMI_DATASET_MAX_SIZE", "50MB", 1);
  const auto listing = nlohmann::json::parse(fixture.lumi({"config", "list", "--json"}).out);
  CHECK(listing["total"] == config::all_settings().size());
  bool seen = false;
  for (const auto& item : listing["items"]) {
    CHECK(item.size() == 4);
    if (item["key"] == "dataset.max_size") {
      seen = true;
      CHECK(item["value"] == "50MB");
      CHECK(item["origin"] == "environment LUMI_DATASET_MAX_SIZE");
    }
  }
  CHECK(seen);
  unsetenv("LUMI_DATASET_MAX_SIZE");
}

TEST_CASE("a value that does not fit names where it stands") {
  const test::CliFixture fixture;
  setenv("LUMI_DATASET_MAX_SIZE", "many", 1);
  const auto result = fixture.lumi({"config", "list"});
  CHECK(result.exit == 2);
  CHECK(result.err.find("LUMI_DATASET_MAX_SIZE") != std::string::npos);
  unsetenv("LUMI_DATASET_MAX_SIZE");
}
