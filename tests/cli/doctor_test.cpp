#include "base/file.hpp"
#include "support/cli.hpp"
#include "support/environment.hpp"

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

TEST_CASE("doctor shows the proxies, and not who uses them") {
  const test::CliFixture fixture;
  const test::EnvironmentVariable https("https_proxy", "http://user:canary@proxy.example:3128");
  const test::EnvironmentVariable http("http_proxy", std::nullopt);
  const test::EnvironmentVariable all("all_proxy", std::nullopt);
  const test::EnvironmentVariable all_upper("ALL_PROXY", std::nullopt);
  const test::EnvironmentVariable none("no_proxy", "localhost,.example.com");
  const auto found = fixture.lumi({"doctor"}).out;
  CHECK(found.find("https goes through \"http://<REDACTED>@proxy.example:3128\" (https_proxy), but not to "
                   "\"localhost,.example.com\" (no_proxy)") != std::string::npos);
  CHECK(found.find("canary") == std::string::npos);
}

TEST_CASE("doctor --salvage copies what can be read") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto rescued = (fixture.folder / "rescued").string();
  CHECK(fixture.lumi({"doctor", "--salvage", rescued}).exit == 0);
  CHECK(fixture.lumi({"dataset", "get", id, "--home", rescued}).exit == 0);
}
