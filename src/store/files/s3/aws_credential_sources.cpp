#include "store/files/s3/aws_credential_sources.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <utility>

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
  const auto profile = search.settings.profile();
  auto found = find_keys(profile, profile.credentials);
  return found ? found : find_keys(profile, profile.config);
}

}  // namespace lumi::store
