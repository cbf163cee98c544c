#pragma once
#include "base/environment.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::store {

/// The values of a section in one of AWS's files, by key; a value within another is "s3.addressing_style".
using AwsSection = std::map<std::string, std::string, std::less<>>;

/// The sections of one of AWS's files by their headings: "default", "profile x", "services y". Throws `invalid_input`
/// naming `name` and the line for text that is no such file.
std::map<std::string, AwsSection, std::less<>> parse_aws_file(std::string_view text, const std::string& name);

/// A profile: what ~/.aws/credentials says of it, and what ~/.aws/config says.
struct AwsProfile {
  std::string name;
  AwsSection credentials;
  AwsSection config;

  /// The value of `key`: the credentials file's before the other's.
  std::optional<std::string> find(std::string_view key) const;
};

/// What AWS's own tools read before they start: variables, and the files that the variables name, else those in
/// ~/.aws. The files are read when they are first needed; a missing one is an empty one.
class AwsSettings {
public:
  /// The value of a variable; nothing if it is unset or empty.
  using Variables = std::function<std::optional<std::string>(const char* name)>;

  explicit AwsSettings(Variables variables = environment) : variables_(std::move(variables)) {}

  /// Reads the files anew when they are next needed: others may have written them.
  void forget_files() {
    credentials_file_.reset();
    config_file_.reset();
  }

  std::optional<std::string> variable(const char* name) const { return variables_(name); }

  /// Whether a variable says "true" in any case.
  bool is_set(const char* name) const;

  /// The name of the profile in use: AWS_PROFILE, AWS_DEFAULT_PROFILE or "default".
  std::string profile_name() const;

  /// The profile in use. Throws `credentials` if a variable names one that is in no file; "default" may be absent.
  AwsProfile profile() const;

  /// The profile of that name, or nothing. Throws `invalid_input` for a file that cannot be read as one.
  std::optional<AwsProfile> find_profile(const std::string& name) const;

  /// The URL that the profile in use gives the service "s3" or "sts": in its `services` section or for all of them.
  std::optional<std::string> endpoint_url(std::string_view service) const;

private:
  using File = std::map<std::string, AwsSection, std::less<>>;

  File read(const char* variable, std::string_view usual_name) const;
  const File& credentials_file() const;
  const File& config_file() const;

  Variables variables_;
  mutable std::optional<File> credentials_file_;
  mutable std::optional<File> config_file_;
};

}  // namespace lumi::store
