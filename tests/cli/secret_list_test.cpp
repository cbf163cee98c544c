#include "support/secret_cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

#include <sys/stat.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::SecretCli, "secret list shows names and descriptions, never a value") {
  CHECK(lumi({"secret", "list", "--json"}).out == "{\"total\":0,\"items\":[]}\n");
  CHECK(set("First", "sk-canary-1") == 0);
  CHECK(lumi({"secret", "set", "second", "--description", "d", "--host", "H.example:8443"}, "sk-canary-2").exit == 0);
  const auto listing = Json::parse(lumi({"secret", "list", "--json"}).out);
  CHECK(listing["total"] == 2);
  CHECK(listing["items"][0]["name"] == "second");
  CHECK(listing["items"][0]["description"] == "d");
  CHECK(listing["items"][0]["hosts"] == Json::array({"h.example:8443"}));
  CHECK(listing["items"][1]["name"] == "first");
  CHECK(listing.dump().find("canary") == std::string::npos);
  CHECK(lumi({"secret", "get", "first"}).exit == 2);
}
