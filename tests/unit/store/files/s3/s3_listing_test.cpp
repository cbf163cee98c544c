#include "base/error.hpp"
#include "store/files/s3/s3_listing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lumi;
using namespace lumi::store;

namespace {

XmlElement document(const std::string& text) {
  auto parsed = parse_xml(text);
  REQUIRE(parsed.has_value());
  return *std::move(parsed);
}

}  // namespace

TEST_CASE("a listing has keys, sizes and times") {
  const auto page = read_listing(document(
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a &amp; b+c%20</Key><Size>12</Size>"
      "<LastModified>2025-06-01T08:56:00.250Z</LastModified><ETag>&quot;x&quot;</ETag></Contents></ListBucketResult>"));
  REQUIRE(page.objects.size() == 1);
  CHECK(page.objects[0].key == "a & b+c%20");
  CHECK(page.objects[0].size_bytes == 12);
  CHECK(page.objects[0].modified_at == Timestamp{1'748'768'160'250'000});
  CHECK(page.next.empty());
}

TEST_CASE("keys are decoded where the listing says that they are encoded") {
  const auto page =
      read_listing(document("<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
                            "<NextContinuationToken>a+b%20</NextContinuationToken>"
                            "<Contents><Key>a+b%20c%2B%0A%C3%A4</Key><Size>0</Size></Contents></ListBucketResult>"));
  REQUIRE(page.objects.size() == 1);
  CHECK(page.objects[0].key == "a b c+\n\xC3\xA4");
  CHECK(page.next == "a+b%20");
}

TEST_CASE("a listing that cannot be trusted is none") {
  CHECK_THROWS_AS(read_listing(document("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>")),
                  Error);
  for (const std::string size : {"", "-1", "many"}) {
    CHECK_THROWS_AS(read_listing(document("<ListBucketResult><Contents><Key>a</Key><Size>" + size +
                                          "</Size></Contents></ListBucketResult>")),
                    Error);
  }
}

TEST_CASE("uploads that were begun are listed page by page") {
  const auto page = read_uploads(
      document("<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker>"
               "<NextUploadIdMarker>u</NextUploadIdMarker><Upload><Key>datasets/a</Key><UploadId>2~x</UploadId>"
               "<Initiated>2025-06-01T08:56:00.000Z</Initiated></Upload></ListMultipartUploadsResult>"));
  REQUIRE(page.uploads.size() == 1);
  CHECK(page.uploads[0].key == "datasets/a");
  CHECK(page.uploads[0].id == "2~x");
  CHECK(page.uploads[0].started_at == Timestamp{1'748'768'160'000'000});
  REQUIRE(page.next.size() == 2);
  CHECK(page.next[0] == std::pair<std::string, std::string>("key-marker", "k"));
  CHECK(page.next[1] == std::pair<std::string, std::string>("upload-id-marker", "u"));
}

TEST_CASE("the parts that a server has are listed page by page") {
  const std::string part = "<Part><PartNumber>3</PartNumber><ETag>&quot;x&quot;</ETag><Size>12</Size></Part>";
  const auto page = read_parts(document("<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>3"
                                        "</NextPartNumberMarker>" +
                                        part + "</ListPartsResult>"));
  REQUIRE(page.parts.size() == 1);
  CHECK(page.parts[0].number == 3);
  CHECK(page.parts[0].size_bytes == 12);
  CHECK(page.parts[0].etag == "\"x\"");
  CHECK(page.next == 3U);
  CHECK_FALSE(read_parts(document("<ListPartsResult>" + part + "</ListPartsResult>")).next);
  CHECK(read_parts(document("<ListPartsResult><IsTruncated>true</IsTruncated></ListPartsResult>")).is_endless);
  const auto odd =
      read_parts(document("<ListPartsResult><Part><PartNumber>0</PartNumber><ETag>x</ETag><Size>1</Size>"
                          "</Part><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></ListPartsResult>"));
  CHECK(odd.parts.empty());
}

TEST_CASE("the parts of an upload are named in their order") {
  CHECK(completion_document({"\"a\"", "b"}) ==
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&quot;a&quot;</ETag></Part>"
        "<Part><PartNumber>2</PartNumber><ETag>b</ETag></Part></CompleteMultipartUpload>");
}
