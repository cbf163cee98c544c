#include "support/environment.hpp"
#include "support/secret_cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

#include <sys/stat.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::SecretCli, "secret rekey makes a fresh key, which opens what was there") {
  CHECK(lumi({"secret", "rekey"}).exit == 5);
  CHECK(set("a", "v1") == 0);
  CHECK(set("b", "v2") == 0);
  std::filesystem::copy_file(key_file(), folder / "old.key");
  CHECK(lumi({"secret", "rekey", "--json"}).out == "{\"rekeyed\":2}\n");
  CHECK(lumi({"secret", "check", "a"}).exit == 0);
  CHECK_FALSE(std::filesystem::exists(key_file() + ".new"));
  setenv("LUMI_SECRET_KEY_FILE", (folder / "old.key").c_str(), 1);
  CHECK(lumi({"secret", "check", "a"}).exit == 4);
  unsetenv("LUMI_SECRET_KEY_FILE");
}

TEST_CASE_FIXTURE(test::SecretCli, "a rekeying that was cut off before the new key was in its place is finished") {
  CHECK(set("a", "v1") == 0);
  std::filesystem::copy_file(key_file(), folder / "old.key");
  CHECK(lumi({"secret", "rekey"}).exit == 0);
  std::filesystem::rename(key_file(), key_file() + ".new");
  std::filesystem::rename(folder / "old.key", key_file());
  CHECK(lumi({"secret", "check", "a"}).exit == 0);
  CHECK_FALSE(std::filesystem::exists(key_file() + ".new"));
  CHECK(lumi({"secret", "check", "a"}).exit == 0);
}

TEST_CASE_FIXTURE(test::SecretCli, "a key from the environment is replaced by one that is named") {
  setenv("LUMI_SECRET_KEY", test::k_secret_key, 1);
  CHECK(set("a", "v1") == 0);
  CHECK(lumi({"secret", "rekey"}).exit == 2);
  const auto next = file("next.key", "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=\n");
  ::chmod(next.c_str(), 0600);
  CHECK(lumi({"secret", "rekey", "--new-key-file", next}).exit == 0);
  CHECK(lumi({"secret", "check", "a"}).exit == 4);
  unsetenv("LUMI_SECRET_KEY");
  setenv("LUMI_SECRET_KEY_FILE", next.c_str(), 1);
  CHECK(lumi({"secret", "check", "a"}).exit == 0);
  unsetenv("LUMI_SECRET_KEY_FILE");
}

TEST_CASE_FIXTURE(test::SecretCli, "a passphrase takes the place of the key, and leads back to one") {
  CHECK(set("a", "v1") == 0);
  CHECK(lumi({"secret", "rekey", "--new-passphrase"}, "short").exit == 11);
  CHECK(lumi({"secret", "check", "a"}).exit == 0);
  CHECK(lumi({"secret", "rekey", "--new-passphrase", "--json"}, "correct horse\n").out == "{\"rekeyed\":1}\n");
  const auto without = lumi({"secret", "check", "a"});
  CHECK(without.exit == 4);
  CHECK(without.err.find("LUMI_SECRET_PASSPHRASE") != std::string::npos);
  {
    const test::EnvironmentVariable wrong("LUMI_SECRET_PASSPHRASE", "wrong horse");
    const auto refused = lumi({"secret", "check", "a"});
    CHECK(refused.exit == 4);
    CHECK(refused.err.find("hint: ") != std::string::npos);
    CHECK(refused.err.find("wrong horse") == std::string::npos);
    CHECK(set("b", "v2") == 4);
    CHECK(lumi({"secret", "rekey"}).exit == 4);
  }
  const test::EnvironmentVariable right("LUMI_SECRET_PASSPHRASE_COMMAND", "echo correct horse");
  CHECK(Json::parse(lumi({"secret", "check", "a", "--json"}).out)["key"] == "LUMI_SECRET_PASSPHRASE_COMMAND");
  CHECK(lumi({"secret", "rekey"}).exit == 0);
  CHECK(set("b", "v2") == 0);
  const auto next = file("next.key", std::string(test::k_secret_key) + "\n");
  ::chmod(next.c_str(), 0600);
  CHECK(lumi({"secret", "rekey", "--new-key-file", next, "--new-passphrase"}, "x").exit == 2);
  CHECK(lumi({"secret", "rekey", "--new-key-file", next}).exit == 0);
  const test::EnvironmentVariable back("LUMI_SECRET_KEY_FILE", next);
  CHECK(lumi({"secret", "check", "b"}).exit == 0);
}

TEST_CASE_FIXTURE(test::SecretCli, "a passphrase is typed at a terminal") {
  CHECK(lumi_at_terminal({"secret", "rekey", "--new-passphrase"}, "correct horse\ncorrect house\n").exit == 11);
  const auto made = lumi_at_terminal({"secret", "rekey", "--new-passphrase"}, "correct horse\ncorrect horse\n");
  CHECK(made.exit == 0);
  CHECK(made.err.find("New passphrase (it is not shown): ") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(key_file()));
  CHECK(lumi_at_terminal({"secret", "set", "a"}, "v1\ncorrect horse\n").exit == 0);
  CHECK_FALSE(std::filesystem::exists(key_file()));
  CHECK(lumi_at_terminal({"secret", "check", "a"}, "correct horse\n").exit == 0);
  CHECK(lumi_at_terminal({"secret", "check", "a"}, "wrong horse\n").exit == 4);
  CHECK(lumi_at_terminal({"secret", "check", "a"}, "\n").exit == 4);
}
