#pragma once
#include "store/files/s3/aws_settings.hpp"

#include <string>
#include <string_view>

namespace lumi::store {

/// Where a request names its bucket: first in the path, or first in the host's name.
enum class Addressing { path, virtual_host };

/// "path" or "virtual host".
std::string_view to_string(Addressing addressing);

/// The server at which a bucket is.
struct S3Endpoint {
  std::string scheme;  ///< "https" or "http"
  std::string host;    ///< with the port where it is not the usual one
  std::string path;    ///< what comes before the bucket: mostly empty, else "/storage/v1/s3"
  std::string origin;  ///< where it is said: "environment AWS_ENDPOINT_URL_S3"; "AWS" if nowhere

  /// "https://host/path"
  std::string url() const { return scheme + "://" + host + path; }
};

/// The place of a store's objects: a part of a bucket, and how to reach it.
struct S3Location {
  std::string bucket;
  std::string prefix;  ///< without slashes around it; may be empty
  S3Endpoint endpoint;
  std::string region;
  std::string region_origin;  ///< as S3Endpoint::origin; "default" if nowhere
  Addressing addressing = Addressing::path;

  /// "s3://bucket/prefix"
  std::string url() const;

  /// The name in the bucket of the object that the store calls `key`.
  std::string full_key(std::string_view key) const;

  /// The URL of the bucket, for requests about it: ends in a slash.
  std::string bucket_url() const;

  /// The URL of the object that the store calls `key`, encoded as S3 wants it.
  std::string object_url(std::string_view key) const;

  /// Goes on in another region, where a server said that the bucket is; on AWS that is another host too.
  void move_to_region(const std::string& new_region);
};

/// Reads "s3://BUCKET/PREFIX" (without a bucket: S3_BUCKET's), and from `settings` how to reach it, in botocore's
/// order. Throws `usage` for what names no bucket, `invalid_input` for an endpoint that is no URL or a style that is
/// none.
S3Location parse_s3_location(std::string_view url, const AwsSettings& settings);

}  // namespace lumi::store
