#include "store/response_cache.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("clearing asks, then removes everything") {
  const test::CliFixture fixture;
  const store::Home home(fixture.folder / "home");
  store::ResponseCache(home).put("key", "value", {1});
  CHECK(fixture.lumi({"cache", "clear"}).exit == 2);
  CHECK(fixture.lumi({"cache", "clear", "--dry-run"}).err.find("1 answer") != std::string::npos);
  CHECK(fixture.lumi_at_terminal({"cache", "clear"}, "n\n").exit == 0);
  CHECK(store::ResponseCache::statistics(home).entries == 1);
  CHECK(fixture.lumi({"cache", "clear", "--yes"}).exit == 0);
  CHECK(store::ResponseCache::statistics(home).entries == 0);
}
