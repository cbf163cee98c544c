#include "support/secret_cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

#include <sys/stat.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::SecretCli, "secret delete forgets, and one that is not there is no error") {
  CHECK(set("Mine", "v") == 0);
  CHECK(lumi({"secret", "delete", "mine"}).exit == 2);
  CHECK(lumi({"secret", "delete", "MINE", "--yes", "--json"}).out == "{\"deleted\":[\"mine\"]}\n");
  CHECK(lumi({"secret", "delete", "mine", "--yes", "--json"}).out == "{\"deleted\":[]}\n");
  CHECK(lumi({"secret", "check", "mine"}).exit == 5);
}
