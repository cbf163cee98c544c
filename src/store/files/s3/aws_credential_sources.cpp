#include "store/files/s3/aws_credential_sources.hpp"

#include "base/command.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace lumi::store {

namespace {

std::string value_of(const AwsSection& section, std::string_view key) {
  const auto found = section.find(key);
  return found == section.end() ? std::string() : std::string(trim(found->second));
}

std::string source_of(const AwsProfile& profile) { return "profile " + quote(profile.name); }

/// Nothing without a key; throws for a key without its secret.
std::optional<AwsCredentials> whole(AwsCredentials credentials) {
  if (credentials.access_key_id.empty()) {
    return std::nullopt;
  }
  if (credentials.secret_access_key.empty()) {
    throw Error(ErrorCode::credentials,
                "there is an AWS access key without its secret in " + credentials.source,
                "AWS_SECRET_ACCESS_KEY or aws_secret_access_key is missing");
  }
  return credentials;
}

std::optional<AwsCredentials> find_keys(const AwsProfile& profile, const AwsSection& section) {
  return whole({value_of(section, "aws_access_key_id"),
                value_of(section, "aws_secret_access_key"),
                value_of(section, "aws_session_token"),
                std::nullopt,
                source_of(profile)});
}

std::optional<AwsCredentials> find_by_process(const AwsProfile& profile) {
  const auto command = profile.find("credential_process");
  if (!command) {
    return std::nullopt;
  }
  const auto source = "credential_process of " + source_of(profile);
  const auto words = split_command(*command);
  if (!words) {
    throw Error(ErrorCode::credentials, "the " + source + " has a quote that is not closed");
  }
  try {
    return parse_credentials(command_output(*words), source);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::credentials) {
      throw;
    }
    throw Error(ErrorCode::credentials, "the " + source + " gives no credentials: " + error.what());
  }
}

std::optional<AwsCredentials>
find_web_identity(const CredentialSearch& search, const AwsProfile& profile, const AwsSettings::Variables& variables) {
  const auto setting = [&](const char* variable, std::string_view key) {
    const auto value = variables(variable);
    return value ? value : profile.find(key);
  };
  const auto file = setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
  if (!file) {
    return std::nullopt;
  }
  const auto arn = setting("AWS_ROLE_ARN", "role_arn");
  if (!arn) {
    throw Error(ErrorCode::credentials, "there is a web identity token, but no role for it", "set AWS_ROLE_ARN");
  }
  const AwsRole role{*arn, setting("AWS_ROLE_SESSION_NAME", "role_session_name").value_or("")};
  auto found = assume_role_with_token(search, role, read_token(*file));
  found.source = "web identity as " + *arn;
  return found;
}

[[noreturn]] void throw_unusable_role(const AwsProfile& profile, const std::string& why) {
  throw Error(ErrorCode::credentials, "cannot assume the role of " + source_of(profile) + ": " + why);
}

/// Follows profiles from one to the other.
class ProfileSearch {
public:
  explicit ProfileSearch(const CredentialSearch& search) : search_(search) {}

  std::optional<AwsCredentials> find(const AwsProfile& profile, const AwsSettings::Variables& variables) {
    if (has_role(profile)) {
      return by_role(profile);
    }
    return without_role(profile, variables);
  }

private:
  static bool has_role(const AwsProfile& profile) {
    return profile.find("role_arn") && !profile.find("web_identity_token_file");
  }

  static bool has_keys(const AwsProfile& profile) {
    return profile.find("aws_access_key_id") && profile.find("aws_secret_access_key");
  }

  std::optional<AwsCredentials> without_role(const AwsProfile& profile, const AwsSettings::Variables& variables) {
    if (auto found = find_web_identity(search_, profile, variables)) {
      return found;
    }
    if (auto found = find_keys(profile, profile.credentials)) {
      return found;
    }
    if (auto found = find_by_process(profile)) {
      return found;
    }
    if (auto found = find_keys(profile, profile.config)) {
      return found;
    }
    if (profile.find("sso_session") || profile.find("sso_start_url")) {
      throw Error(ErrorCode::credentials,
                  source_of(profile) + " logs in with AWS SSO, which lumi does not speak",
                  "make a profile with credential_process = aws configure export-credentials --profile " +
                      profile.name);
    }
    return std::nullopt;
  }

  AwsCredentials by_role(const AwsProfile& profile) {
    if (profile.find("mfa_serial")) {
      throw_unusable_role(profile, "it needs the code of an MFA device, which lumi does not ask for");
    }
    const AwsRole role{*profile.find("role_arn"),
                       profile.find("role_session_name").value_or(""),
                       profile.find("external_id").value_or(""),
                       profile.find("duration_seconds").value_or("")};
    const auto keys = keys_for_role(profile);
    auto found = assume_role(search_, role, keys);
    found.source = source_of(profile) + " as " + role.arn + " with the keys of " + keys.source;
    return found;
  }

  AwsCredentials keys_for_role(const AwsProfile& profile) {
    if (const auto place = profile.find("credential_source")) {
      const auto found = at_place(*place);
      if (!found) {
        throw_unusable_role(profile, "its credential_source " + quote(*place) + " has no keys");
      }
      return *found;
    }
    const auto name = profile.find("source_profile");
    if (!name) {
      throw_unusable_role(profile, "it has neither source_profile nor credential_source");
    }
    visited_.push_back(profile.name);
    const auto source = search_.settings.find_profile(*name);
    if (!source) {
      throw_unusable_role(profile, "its source_profile " + quote(*name) + " is in no file");
    }
    const auto no_variables = [](const char*) -> std::optional<std::string> { return std::nullopt; };
    if (has_keys(*source) || !has_role(*source)) {
      const auto found = without_role(*source, no_variables);
      if (!found) {
        throw_unusable_role(profile, "its source_profile " + quote(*name) + " has no keys");
      }
      return *found;
    }
    if (std::ranges::find(visited_, *name) != visited_.end()) {
      throw_unusable_role(profile, "its source_profile " + quote(*name) + " leads back to itself");
    }
    return by_role(*source);
  }

  std::optional<AwsCredentials> at_place(const std::string& place) const {
    if (place == "Environment") {
      return find_in_environment(search_.settings);
    }
    if (place == "EcsContainer") {
      return find_at_container(search_);
    }
    return place == "Ec2InstanceMetadata" ? find_at_machine(search_) : std::nullopt;
  }

  const CredentialSearch& search_;
  std::vector<std::string> visited_;
};

}  // namespace

std::optional<AwsCredentials> find_in_environment(const AwsSettings& settings) {
  const auto value = [&](const char* name) { return std::string(trim(settings.variable(name).value_or(""))); };
  return whole({value("AWS_ACCESS_KEY_ID"),
                value("AWS_SECRET_ACCESS_KEY"),
                value("AWS_SESSION_TOKEN"),
                std::nullopt,
                "environment AWS_ACCESS_KEY_ID"});
}

std::optional<AwsCredentials> find_in_profile(const CredentialSearch& search) {
  return ProfileSearch(search).find(search.settings.profile(),
                                    [&](const char* name) { return search.settings.variable(name); });
}

std::string read_token(const std::string& path) {
  try {
    return std::string(trim(read_file(path)));
  } catch (const Error& error) {
    throw Error(ErrorCode::credentials, std::string("the token for AWS credentials is missing: ") + error.what());
  }
}

AwsCredentials parse_credentials(const std::string& json, std::string source) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  const auto text = [&](const char* key) {
    const auto found = document.is_object() ? document.find(key) : document.end();
    return found == document.end() || !found->is_string() ? std::string() : found->get<std::string>();
  };
  AwsCredentials found{text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken")};
  if (found.session_token.empty()) {
    found.session_token = text("Token");
  }
  const auto expiration = text("Expiration");
  found.expires_at = parse_rfc3339(expiration);
  found.source = std::move(source);
  const bool is_whole = !found.access_key_id.empty() && !found.secret_access_key.empty();
  if (!is_whole || (!expiration.empty() && !found.expires_at)) {
    throw Error(ErrorCode::credentials,
                "the " + found.source + " gives no credentials that can be read",
                "they are JSON with AccessKeyId, SecretAccessKey, SessionToken and Expiration");
  }
  return found;
}

}  // namespace lumi::store
