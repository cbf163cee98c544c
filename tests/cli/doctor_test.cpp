#include "base/file.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("doctor finds a missing object") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  CHECK(fixture.lumi({"doctor"}).exit == 0);
  const auto url = fixture.lumi({"dataset", "download", id, "--url"}).out;
  std::filesystem::remove(url.substr(7, url.size() - 8));
  const auto result = fixture.lumi({"doctor", "--json"});
  CHECK(result.exit == 12);
  bool named = false;
  const auto findings = nlohmann::json::parse(result.out);
  for (const auto& finding : findings["items"]) {
    named = named || (finding["status"] == "damage" &&
                      finding["message"].get<std::string>().find("is missing") != std::string::npos);
  }
  CHECK(named);
  CHECK(fixture.lumi({"doctor", "--read-data=many"}).exit == 2);
}

TEST_CASE("doctor --salvage copies what can be read") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto rescued = (fixture.folder / "rescued").string();
  CHECK(fixture.lumi({"doctor", "--salvage", rescued}).exit == 0);
  CHECK(fixture.lumi({"dataset", "get", id, "--home", rescued}).exit == 0);
}
