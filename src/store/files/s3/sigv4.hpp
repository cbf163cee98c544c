#pragma once
#include "base/clock.hpp"
#include "net/http_client.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::store {

/// What signs requests to AWS and to those who speak like it.
struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token = {};                      ///< empty: none
  std::optional<Timestamp> expires_at = std::nullopt;  ///< nothing: they do not expire
  std::string source = {};                             ///< where they were found: "environment", "profile \"x\" ..."
};

/// What a signature is valid for, besides its request and its day.
struct SigningScope {
  std::string region;
  std::string service = "s3";
};

/// Says in place of a payload's hash that the signature does not cover it.
constexpr std::string_view k_unsigned_payload = "UNSIGNED-PAYLOAD";

/// Signs requests with AWS Signature Version 4 as S3 wants it: the path is encoded once and not normalised. Keeps the
/// key that it derived last. Not thread-safe.
class SigV4Signer {
public:
  /// Adds what signs `request`: x-amz-date, for s3 x-amz-content-sha256, with a session token x-amz-security-token, and
  /// Authorization; such headers of an earlier signature are replaced. All headers are signed but those that proxies
  /// and libcurl change. `payload_sha256` is the body's hash in hex or k_unsigned_payload.
  void sign(net::HttpRequest& request,
            const AwsCredentials& credentials,
            const SigningScope& scope,
            std::string_view payload_sha256,
            Timestamp now);

  /// The URL of `request` with a signature in its query: whoever has it can make the request for `valid_for` from `now`
  /// on, with just the headers that `request` has.
  std::string presign_url(const net::HttpRequest& request,
                          const AwsCredentials& credentials,
                          const SigningScope& scope,
                          std::chrono::seconds valid_for,
                          Timestamp now);

private:
  const std::string& signing_key(const std::string& secret, const std::string& day, const SigningScope& scope);
  std::string signature_of(const std::string& canonical_request,
                           const std::string& secret,
                           const std::string& amz_date,
                           const SigningScope& scope);

  std::string key_name_;  // what key_ was derived from
  std::string key_;
};

}  // namespace lumi::store
