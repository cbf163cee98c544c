#pragma once
#include "base/file.hpp"
#include "store/files/s3/aws_settings.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::test {

/// A home with files for AWS's tools and variables of its own, whatever the user of the tests has.
class AwsHome {
public:
  AwsHome() { set("HOME", folder().string()); }

  std::filesystem::path folder() const { return folder_.path(); }

  void write_config(std::string_view text) const { write("config", text); }
  void write_credentials(std::string_view text) const { write("credentials", text); }

  void set(const std::string& name, const std::optional<std::string>& value) {
    variables_.erase(name);
    if (value) {
      variables_[name] = *value;
    }
  }

  /// Settings that read this home as it is now.
  store::AwsSettings settings() const {
    return store::AwsSettings([variables = variables_](const char* name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  }

private:
  void write(const char* name, std::string_view text) const {
    std::filesystem::create_directories(folder() / ".aws");
    write_file(folder() / ".aws" / name, text, Overwrite::yes, Durable::no);
  }

  TempDir folder_;
  std::map<std::string, std::string> variables_;
};

}  // namespace lumi::test
