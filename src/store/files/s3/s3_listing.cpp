#include "store/files/s3/s3_listing.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::store {

namespace {

/// A key in a document; with encoding-type=url, servers write a space as "+" or "%20".
std::string key_in(std::string text, bool is_encoded) {
  if (!is_encoded) {
    return text;
  }
  std::replace(text.begin(), text.end(), '+', ' ');
  return percent_decode(text);
}

Timestamp time_in(const std::string& text) { return parse_rfc3339(trim(text)).value_or(Timestamp{}); }

bool is_encoded(const XmlElement& document) { return document.text_of("EncodingType") == "url"; }

bool is_cut(const XmlElement& document) { return to_lower_ascii(document.text_of("IsTruncated")) == "true"; }

}  // namespace

S3Listing read_listing(const XmlElement& document) {
  S3Listing listing;
  const bool encoded = is_encoded(document);
  for (const auto& child : document.children) {
    if (child.name == "Contents") {
      const auto size = parse_integer(trim(child.text_of("Size")));
      if (!size || *size < 0) {
        throw Error(ErrorCode::unavailable, "the storage lists an object without a size");
      }
      listing.objects.push_back({key_in(child.text_of("Key"), encoded),
                                 static_cast<std::uint64_t>(*size),
                                 time_in(child.text_of("LastModified"))});
    }
  }
  if (is_cut(document)) {
    listing.next = document.text_of("NextContinuationToken");
    if (listing.next.empty()) {
      throw Error(ErrorCode::unavailable, "the storage lists a part of the objects, and not how to go on");
    }
  }
  return listing;
}

S3Uploads read_uploads(const XmlElement& document) {
  S3Uploads found;
  const bool encoded = is_encoded(document);
  for (const auto& child : document.children) {
    if (child.name == "Upload") {
      found.uploads.push_back(
          {key_in(child.text_of("Key"), encoded), child.text_of("UploadId"), time_in(child.text_of("Initiated"))});
    }
  }
  if (is_cut(document)) {
    found.next = {{"key-marker", key_in(document.text_of("NextKeyMarker"), encoded)},
                  {"upload-id-marker", document.text_of("NextUploadIdMarker")}};
    if (found.next.front().second.empty()) {
      throw Error(ErrorCode::unavailable, "the storage lists a part of the uploads, and not how to go on");
    }
  }
  return found;
}

S3PartsPage read_parts(const XmlElement& document) {
  S3PartsPage found;
  for (const auto& child : document.children) {
    const auto number = parse_integer(trim(child.text_of("PartNumber")));
    const auto size = parse_integer(trim(child.text_of("Size")));
    const std::string etag(trim(child.text_of("ETag")));
    if (child.name == "Part" && number && *number > 0 && size && *size >= 0 && !etag.empty()) {
      found.parts.push_back({static_cast<std::uint64_t>(*number), static_cast<std::uint64_t>(*size), etag});
    }
  }
  if (is_cut(document)) {
    const auto next = parse_integer(trim(document.text_of("NextPartNumberMarker")));
    found.is_endless = !next || *next <= 0;
    found.next = found.is_endless ? std::nullopt : std::optional(static_cast<std::uint64_t>(*next));
  }
  return found;
}

std::vector<S3Refusal> read_refusals(const XmlElement& document) {
  std::vector<S3Refusal> refusals;
  for (const auto& child : document.children) {
    if (child.name == "Error" && child.text_of("Code") != "NoSuchKey") {
      refusals.push_back({child.text_of("Key"), child.text_of("Code"), to_valid_utf8(child.text_of("Message"))});
    }
  }
  return refusals;
}

std::string removal_document(const std::vector<std::string>& keys) {
  std::string document = "<Delete><Quiet>true</Quiet>";
  for (const auto& key : keys) {
    document += "<Object><Key>" + xml_escape(key) + "</Key></Object>";
  }
  return document + "</Delete>";
}

std::string completion_document(const std::vector<std::string>& etags) {
  std::string document = "<CompleteMultipartUpload>";
  int number = 0;
  for (const auto& etag : etags) {
    document +=
        "<Part><PartNumber>" + std::to_string(++number) + "</PartNumber><ETag>" + xml_escape(etag) + "</ETag></Part>";
  }
  return document + "</CompleteMultipartUpload>";
}

}  // namespace lumi::store
