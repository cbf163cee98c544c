#pragma once
#include "store/files/s3/s3_listing.hpp"
#include "store/files/s3/s3_worker.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::store {

/// The parts that a server has of an upload that was begun by somebody who is gone.
class S3HeldParts {
public:
  /// Asks for them. Nothing if there is no such upload any more, or the server does not tell.
  static std::optional<S3HeldParts> find(S3Worker& worker, const std::string& key, const std::string& upload_id);

  /// The ETag of the part `number` (from 0) if what the server has is `content`: as long, and with its MD5. Nothing if
  /// it is another, if there is none, or if the server's ETags are no MD5s.
  std::optional<std::string> etag_of(std::size_t number, std::string_view content) const;

private:
  std::map<std::size_t, S3Part> parts_;  // by number, from 0
};

}  // namespace lumi::store
