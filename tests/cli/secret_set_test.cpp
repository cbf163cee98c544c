#include "support/environment.hpp"
#include "support/file_mode.hpp"
#include "support/secret_cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

#include <sys/stat.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::SecretCli, "secret set says what it kept, never the value") {
  const auto made = lumi({"secret", "set", "OpenAI_API_Key", "--description", "d", "--json"}, "sk-canary\n");
  CHECK(made.out == R"({"name":"openai_api_key","description":"d","created":true})"
                    "\n");
  CHECK(made.err.empty());
  const auto again = lumi({"secret", "set", "openai_api_key", "--host", "api.openai.com", "--json"}, "sk-canary-2");
  CHECK(Json::parse(again.out)["created"] == false);
  CHECK(Json::parse(again.out)["description"] == "d");
  CHECK(lumi::test::mode_of(key_file()) == 0600);
}

TEST_CASE_FIXTURE(test::SecretCli, "a value is never an argument, and is not repeated") {
  const auto result = lumi({"secret", "set", "x", "sk-canary"});
  CHECK(result.exit == 2);
  CHECK(result.err.find("sk-canary") == std::string::npos);
  CHECK(lumi({"secret", "set", "--help"}).out.find("VALUE") == std::string::npos);
}

TEST_CASE_FIXTURE(test::SecretCli, "values come from a file, the environment, or a prompt") {
  CHECK(lumi({"secret", "set", "a", "--from-file", file("key", "sk-file\n")}).exit == 0);
  setenv("MY_KEY", "sk-env", 1);
  CHECK(lumi({"secret", "set", "b", "--from-env", "MY_KEY"}).exit == 0);
  CHECK(lumi({"secret", "set", "c", "--from-env", "MY_OTHER_KEY"}).exit == 5);
  CHECK(lumi({"secret", "set", "c", "--from-env", "MY_KEY", "--from-file", "key"}).exit == 2);
  CHECK(lumi({"secret", "set", "c", "--from-file", (folder / "no").string()}).exit == 5);
  CHECK(lumi_at_terminal({"secret", "set", "d"}, "sk-typed\n").exit == 0);
  CHECK(Json::parse(lumi({"secret", "list", "--json"}).out)["total"] == 3);
  unsetenv("MY_KEY");
}

TEST_CASE_FIXTURE(test::SecretCli, "names and values have bounds") {
  CHECK(set("", "v") == 11);
  CHECK(set(std::string(255, 'n'), "v") == 0);
  CHECK(set(std::string(256, 'n'), "v") == 11);
  CHECK(set("with spaces", "v") == 0);
  CHECK(set("x", "") == 11);
  CHECK(set("x", std::string(1024, 'v')) == 0);
  CHECK(set("x", std::string(1025, 'v')) == 11);
  CHECK(set("x", "a\nb") == 11);
  CHECK(lumi({"secret", "set", "x", "--host", "https://h"}, "v").exit == 11);
}

TEST_CASE_FIXTURE(test::SecretCli, "a key that is none, or that others may read, is refused") {
  setenv("LUMI_SECRET_KEY", "c2hvcnQ=", 1);
  CHECK(set("x", "v") == 4);
  setenv("LUMI_SECRET_KEY", test::k_secret_key, 1);
  CHECK(set("x", "v") == 0);
  unsetenv("LUMI_SECRET_KEY");
  const auto other = file("other.key", std::string(test::k_secret_key) + "\n");
  setenv("LUMI_SECRET_KEY_FILE", other.c_str(), 1);
  ::chmod(other.c_str(), 0644);
  const auto open = lumi({"secret", "set", "y"}, "v");
  CHECK(open.exit == 4);
  CHECK(open.err.find("chmod 600") != std::string::npos);
  ::chmod(other.c_str(), 0600);
  CHECK(set("y", "v") == 0);
  unsetenv("LUMI_SECRET_KEY_FILE");
  setenv("LUMI_SECRET_KEY_COMMAND", ("cat " + other).c_str(), 1);
  CHECK(set("z", "v") == 0);
  setenv("LUMI_SECRET_KEY_COMMAND", "false", 1);
  CHECK(set("z", "v") == 1);
  unsetenv("LUMI_SECRET_KEY_COMMAND");
}

TEST_CASE_FIXTURE(test::SecretCli, "a key that does not fit, or is gone, is never replaced by a new one") {
  CHECK(set("x", "v") == 0);
  std::filesystem::rename(key_file(), folder / "away");
  CHECK(set("y", "v") == 4);
  CHECK_FALSE(std::filesystem::exists(key_file()));
  setenv("LUMI_SECRET_KEY", test::k_secret_key, 1);
  CHECK(set("y", "v") == 4);
  unsetenv("LUMI_SECRET_KEY");
}

TEST_CASE_FIXTURE(test::SecretCli,
                  "where a passphrase is given and there is no key yet, it protects the first secret") {
  {
    const test::EnvironmentVariable given("LUMI_SECRET_PASSPHRASE", "correct horse");
    CHECK(set("x", "v") == 0);
    CHECK_FALSE(std::filesystem::exists(key_file()));
  }
  CHECK(set("y", "v") == 4);
}
