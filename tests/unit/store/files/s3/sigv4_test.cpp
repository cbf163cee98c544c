#include "base/sha256.hpp"
#include "store/files/s3/sigv4.hpp"
#include "support/signed_request.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace lumi;
using namespace lumi::store;
using test::after;
using test::header_of;

namespace {

constexpr std::string_view k_empty_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr Timestamp k_2013{1'369'353'600'000'000};  // 2013-05-24T00:00:00Z
constexpr Timestamp k_2015{1'440'938'160'000'000};  // 2015-08-30T12:36:00Z

const AwsCredentials k_s3_key{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const SigningScope k_s3_scope{"us-east-1"};

std::string s3_signature(net::HttpRequest request, std::string_view payload_sha256) {
  SigV4Signer().sign(request, k_s3_key, k_s3_scope, payload_sha256, k_2013);
  return after(header_of(request, "authorization"), "Signature=");
}

}  // namespace

TEST_CASE("SigV4Signer gives the signatures of S3's documentation") {
  const std::string host = "https://examplebucket.s3.amazonaws.com";
  CHECK(s3_signature({.url = host + "/test.txt", .headers = {{"Range", "bytes=0-9"}}}, k_empty_sha256) ==
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  CHECK(s3_signature(
            {.method = "PUT",
             .url = host + "/test%24file.text",
             .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}},
            sha256_hex("Welcome to Amazon S3.")) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  CHECK(s3_signature({.url = host + "/?lifecycle"}, k_empty_sha256) ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(s3_signature({.url = host + "/?prefix=J&max-keys=2"}, k_empty_sha256) ==
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("SigV4Signer gives the signatures of S3's documentation for what announces a signed stream") {
  net::HttpRequest request{.method = "PUT",
                           .url = "https://s3.amazonaws.com/examplebucket/chunkObject.txt",
                           .headers = {{"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                                       {"content-encoding", "aws-chunked"},
                                       {"x-amz-decoded-content-length", "66560"},
                                       {"content-length", "66824"}}};
  CHECK(s3_signature(request, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD") ==
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
  request.headers.back() = {"x-amz-trailer", "x-amz-checksum-crc32c"};
  CHECK(s3_signature(request, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") ==
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
}

TEST_CASE("presign_url gives the URL of S3's documentation") {
  CHECK(SigV4Signer().presign_url({.url = "https://examplebucket.s3.amazonaws.com/test.txt"},
                                  k_s3_key,
                                  k_s3_scope,
                                  std::chrono::hours(24),
                                  k_2013) ==
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
        "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST_CASE("a request that is signed again has each header of a signature once, and the new signature") {
  auto old_key = k_s3_key;
  old_key.session_token = "old";
  SigV4Signer signer;
  net::HttpRequest request{.url = "https://b.s3.amazonaws.com/k"};
  signer.sign(request, old_key, {"eu-west-1"}, k_unsigned_payload, k_2015);
  CHECK(header_of(request, "x-amz-security-token") == "old");
  CHECK(header_of(request, "x-amz-content-sha256") == "UNSIGNED-PAYLOAD");
  signer.sign(request, k_s3_key, k_s3_scope, k_empty_sha256, k_2013);

  net::HttpRequest fresh{.url = request.url};
  signer.sign(fresh, k_s3_key, k_s3_scope, k_empty_sha256, k_2013);
  CHECK(request.headers == fresh.headers);
  CHECK(header_of(request, "x-amz-date") == "20130524T000000Z");
}

TEST_CASE("the kept key is derived anew for another secret, day, region or service") {
  SigV4Signer kept;
  auto other_key = k_s3_key;
  other_key.secret_access_key = "other";
  const auto check = [&](const AwsCredentials& key, const SigningScope& scope, Timestamp now) {
    net::HttpRequest with_kept{.url = "https://b.s3.amazonaws.com/k"};
    auto with_new = with_kept;
    kept.sign(with_kept, key, scope, k_empty_sha256, now);
    SigV4Signer().sign(with_new, key, scope, k_empty_sha256, now);
    CHECK(with_kept.headers == with_new.headers);
  };
  check(k_s3_key, k_s3_scope, k_2013);
  check(other_key, k_s3_scope, k_2013);
  check(other_key, {"eu-west-1"}, k_2013);
  check(other_key, {"eu-west-1", "sts"}, k_2013);
  check(other_key, {"eu-west-1", "sts"}, k_2015);
}

TEST_CASE("the host is signed as libcurl sends it, and what is lost on the way is not signed") {
  const auto names = [](net::HttpRequest request) {
    SigV4Signer().sign(request, k_s3_key, k_s3_scope, k_empty_sha256, k_2013);
    return header_of(request, "authorization");
  };
  CHECK(names({.url = "https://h:443/k"}) == names({.url = "https://h/k"}));
  CHECK(names({.url = "http://h:80/k"}) == names({.url = "http://h/k"}));
  CHECK(names({.url = "http://h:443/k"}) != names({.url = "http://h/k"}));
  CHECK(names({.url = "http://h:8080/k"}) != names({.url = "http://h/k"}));
  CHECK(names({.url = "http://h/k", .headers = {{"Host", "h"}}}) == names({.url = "http://h/k"}));
  CHECK(names({.url = "http://h/k", .headers = {{"Expect", "100-continue"}, {"User-Agent", "x"}}}) ==
        names({.url = "http://h/k"}));
  CHECK(names({.url = "http://h"}) == names({.url = "http://h/"}));
  CHECK(names({.url = "http://h/a%2Fb"}) != names({.url = "http://h/a/b"}));
}
