#include "support/secret_cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

#include <sys/stat.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::SecretCli, "secret check opens a secret and does not show it") {
  CHECK(set("mine", "sk-canary") == 0);
  const auto result = lumi({"secret", "check", "Mine", "--json"});
  CHECK(result.exit == 0);
  CHECK(Json::parse(result.out)["ok"] == true);
  CHECK(result.out.find("canary") == std::string::npos);
  CHECK(lumi({"secret", "check", "other"}).exit == 5);
  setenv("LUMI_SECRET_KEY", test::k_secret_key, 1);
  CHECK(lumi({"secret", "check", "mine"}).exit == 4);
  unsetenv("LUMI_SECRET_KEY");
}
