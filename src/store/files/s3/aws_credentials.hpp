#pragma once
#include "base/clock.hpp"
#include "net/http_client.hpp"
#include "store/files/s3/aws_settings.hpp"
#include "store/files/s3/sigv4.hpp"

#include <optional>

namespace lumi::store {

/// Who has credentials to sign requests with.
class AwsCredentialsProvider {
public:
  virtual ~AwsCredentialsProvider() = default;

  /// Credentials that are valid at `now`, fetched anew shortly before they expire; `http` asks those servers that hand
  /// some out. The reference is valid until the next call. Throws `credentials` if there are none, `unavailable` if
  /// their server is out of reach.
  virtual const AwsCredentials& get(net::HttpClient& http, Timestamp now) = 0;

  /// Drops what is known, and reads it anew: a server said that the credentials have expired.
  virtual void forget() = 0;
};

/// Looks for credentials where AWS's own tools do, in botocore's order: the environment; the profile's role, web
/// identity, keys and process; the container's; the machine's. The log shows none of their secrets.
class AwsCredentialsChain final : public AwsCredentialsProvider {
public:
  explicit AwsCredentialsChain(AwsSettings settings) : settings_(std::move(settings)) {}

  const AwsCredentials& get(net::HttpClient& http, Timestamp now) override;
  void forget() override;

private:
  AwsCredentials find(net::HttpClient& http, Timestamp now) const;

  AwsSettings settings_;
  std::optional<AwsCredentials> known_;
  Timestamp refresh_at_;  // not before, if they expire
};

}  // namespace lumi::store
