#pragma once
#include "base/clock.hpp"
#include "store/files/object_store.hpp"
#include "store/files/s3/xml.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lumi::store {

/// A page of the names in a bucket.
struct S3Listing {
  std::vector<ObjectInfo> objects;  ///< keys as the bucket has them
  std::string next;                 ///< where the next page begins; empty: this was the last
};

/// Reads a ListBucketResult of ListObjectsV2. Throws `unavailable` for one that says there is more but not where.
S3Listing read_listing(const XmlElement& document);

/// A page of the uploads in parts that were begun and neither completed nor given up.
struct S3Uploads {
  std::vector<UnfinishedObject> uploads;                  ///< keys as the bucket has them
  std::vector<std::pair<std::string, std::string>> next;  ///< the parameters of the next page; empty: the last
};

/// Reads a ListMultipartUploadsResult.
S3Uploads read_uploads(const XmlElement& document);

/// A part of an upload that the server has.
struct S3Part {
  std::uint64_t number = 0;  ///< from 1
  std::uint64_t size_bytes = 0;
  std::string etag;
};

/// A page of the parts of an upload.
struct S3PartsPage {
  std::vector<S3Part> parts;
  std::optional<std::uint64_t> next;  ///< the number after which the next page begins; nothing: this was the last
  bool is_endless = false;            ///< there are more pages, but the storage does not say where
};

/// Reads a ListPartsResult. What is listed without a number, a size or an ETag is left out.
S3PartsPage read_parts(const XmlElement& document);

/// What a batch removal did not remove.
struct S3Refusal {
  std::string key;  ///< as the bucket has it
  std::string code;
  std::string message;
};

/// Reads a DeleteResult.
std::vector<S3Refusal> read_refusals(const XmlElement& document);

/// The body of a batch removal of `keys`, which are as the bucket has them.
std::string removal_document(const std::vector<std::string>& keys);

/// The body that puts an upload's parts together: `etags` in their order, as the server gave them.
std::string completion_document(const std::vector<std::string>& etags);

}  // namespace lumi::store
