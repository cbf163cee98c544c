#pragma once
#include "base/clock.hpp"
#include "net/http_client.hpp"
#include "store/files/s3/aws_settings.hpp"
#include "store/files/s3/sigv4.hpp"

#include <optional>
#include <string>

namespace lumi::store {

/// What a search for credentials may use.
struct CredentialSearch {
  const AwsSettings& settings;
  net::HttpClient& http;
  Timestamp now;
};

/// What AWS_ACCESS_KEY_ID and its companions say, or nothing. Throws `credentials` for a key without its secret.
std::optional<AwsCredentials> find_in_environment(const AwsSettings& settings);

/// What the profile in use has, or nothing.
std::optional<AwsCredentials> find_in_profile(const CredentialSearch& search);

}  // namespace lumi::store
