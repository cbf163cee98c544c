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
