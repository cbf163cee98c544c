#include "store/response_cache.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("the cache of a home that has none is empty") {
  const test::CliFixture fixture;
  const auto stats = nlohmann::json::parse(fixture.lumi({"cache", "stats", "--json"}).out);
  CHECK(stats["entries"] == 0);
  CHECK(stats["oldest"].is_null());
  CHECK_FALSE(std::filesystem::exists(fixture.folder / "home"));
}

TEST_CASE("the cache counts its answers") {
  const test::CliFixture fixture;
  store::ResponseCache(store::Home(fixture.folder / "home")).put("key", "value", {1'000'000});
  const auto stats = nlohmann::json::parse(fixture.lumi({"cache", "stats", "--json"}).out);
  CHECK(stats["entries"] == 1);
  CHECK(stats["size"] == 8);
  CHECK(stats["newest"] == "1970-01-01T00:00:01Z");
}
