#pragma once
#include "base/error.hpp"
#include "net/http_client.hpp"

#include <string>
#include <string_view>

namespace lumi::store {

/// What an S3 server says when it does not do what it was asked.
struct S3Error {
  int status = 0;
  std::string code;     ///< "NoSuchKey"; empty where the answer has none (HEAD, a proxy's page)
  std::string message;  ///< often empty
  std::string request_id;
  std::string region;  ///< the bucket's, where the answer names it
};

/// Reads the error in `answer`, whatever its body is.
S3Error read_s3_error(const net::HttpAnswer& answer);

/// What a request was about, for messages.
struct S3Subject {
  std::string doing;  ///< "cannot read the object"
  std::string key;    ///< empty for the bucket as a whole
  std::string bucket;
  std::string endpoint;  ///< where it is
};

/// The Error for what a server refused: `credentials`, `not_found`, `conflict`, `permission` (no space), `too_large`,
/// `unavailable` or `failure`. It names the bucket, the key and the server's code.
Error to_error(const S3Error& error, const S3Subject& subject);

/// The Error for an answer that did not come.
Error to_error(const net::HttpAnswer& answer, const S3Subject& subject);

}  // namespace lumi::store
