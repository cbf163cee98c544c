#pragma once
#include "support/cli.hpp"

#include <string>

namespace lumi::test {

/// A key of 32 bytes for secrets, as LUMI_SECRET_KEY takes it.
inline constexpr const char* k_secret_key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// A command line with no key for secrets but the one that it makes itself.
struct SecretCli : CliFixture {
  SecretCli() {
    for (const char* name : {"LUMI_SECRET_KEY_FILE",
                             "LUMI_SECRET_KEY_COMMAND",
                             "LUMI_SECRET_KEY",
                             "LUMI_SECRET_PASSPHRASE_COMMAND",
                             "LUMI_SECRET_PASSPHRASE"}) {
      unsetenv(name);
    }
  }

  int set(const std::string& name, const std::string& value) const { return lumi({"secret", "set", name}, value).exit; }

  std::string key_file() const { return (folder / "lumi.key").string(); }
};

}  // namespace lumi::test
