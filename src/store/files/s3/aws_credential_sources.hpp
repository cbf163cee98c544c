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

/// What the profile in use leads to: a role that another's keys may assume, a web identity, keys in the credentials
/// file, a process, keys in the config file. Nothing if it has none of them.
std::optional<AwsCredentials> find_in_profile(const CredentialSearch& search);

/// What the server gives that AWS_CONTAINER_CREDENTIALS_FULL_URI or _RELATIVE_URI names; nothing if neither is set.
std::optional<AwsCredentials> find_at_container(const CredentialSearch& search);

/// What the machine's metadata server gives (IMDSv2); nothing if there is no such server, or it has no role.
std::optional<AwsCredentials> find_at_machine(const CredentialSearch& search);

/// Credentials as processes and metadata servers write them in JSON. Throws `credentials` naming `source` for any other
/// text.
AwsCredentials parse_credentials(const std::string& json, std::string source);

/// The token in a file, without white space around it. Throws `credentials` if it cannot be read.
std::string read_token(const std::string& path);

/// A role to assume.
struct AwsRole {
  std::string arn;
  std::string session_name;      ///< empty: one is made up
  std::string external_id = {};  ///< empty: none
  std::string duration_s = {};   ///< empty: the service's default
};

/// Asks AWS's token service for `role` with `keys`. Throws `credentials` if it refuses, `unavailable` if it is out of
/// reach.
AwsCredentials assume_role(const CredentialSearch& search, const AwsRole& role, const AwsCredentials& keys);

/// The same with the token of an identity provider.
AwsCredentials assume_role_with_token(const CredentialSearch& search, const AwsRole& role, const std::string& token);

}  // namespace lumi::store
