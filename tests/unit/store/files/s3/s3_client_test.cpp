#include "base/error.hpp"
#include "base/sha256.hpp"
#include "store/files/s3/s3_client.hpp"
#include "support/fake_http_client.hpp"
#include "support/manual_time.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

using namespace lumi;
using namespace lumi::store;
using lumi::test::http_answer;
using lumi::test::http_fault;
using std::chrono::milliseconds;

namespace {

std::string error_xml(const std::string& code, const std::string& more = "") {
  return "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>because</Message>" + more +
         "<RequestId>R1</RequestId></Error>";
}

/// Credentials that were given out so often.
class CountedCredentials final : public AwsCredentialsProvider {
public:
  const AwsCredentials& get(net::HttpClient& /*http*/, Timestamp /*now*/) override { return known_; }
  void forget() override {
    ++forgotten;
    known_.access_key_id = "NEW";
  }

  int forgotten = 0;

private:
  AwsCredentials known_{.access_key_id = "OLD", .secret_access_key = "secret"};
};

struct S3ClientFixture {
  test::FakeHttpClient http;
  CountedCredentials credentials;
  test::ManualTime time;
  S3Client client{{http, credentials, time, time, [] { return 0.5; }}, location()};

  S3ClientFixture() {
    http.on_time([this](milliseconds by) { time.advance(by); });
  }

  static S3Location location() {
    S3Location location;
    location.bucket = "bucket";
    location.prefix = "pre fix";
    location.endpoint = {"http", "127.0.0.1:1", "", "test"};
    location.region = "here";
    return location;
  }

  S3Answer send(S3Request request) {
    std::optional<S3Answer> answer;
    client.start(std::move(request), [&](S3Answer got) { answer = std::move(got); });
    for (int i = 0; i < 1000 && !answer; ++i) {
      client.wait(std::chrono::seconds(60));
    }
    REQUIRE(answer.has_value());
    CHECK(client.running() == 0);
    return *std::move(answer);
  }

  S3Answer get(std::uint64_t first, std::uint64_t count) {
    return send({.doing = "cannot read the object", .key = "a b", .range = S3Range{first, count}});
  }

  std::string header(std::size_t request, std::string_view name) const {
    for (const auto& header : http.requests().at(request).headers) {
      if (net::is_same_name(header.name, name)) {
        return header.value;
      }
    }
    return "";
  }
};

net::HttpAnswer part(const std::string& body, const std::string& range, const std::string& etag = "\"e\"") {
  return http_answer(206, body, "Content-Range: bytes " + range + "\r\nETag: " + etag + "\r\n");
}

net::HttpAnswer cut(net::HttpAnswer answer) {
  answer.fault = net::TransportFault::cut;
  answer.fault_text = "cut";
  return answer;
}

}  // namespace

TEST_CASE_FIXTURE(S3ClientFixture, "a request is signed, with its query sorted and its path encoded") {
  http.answer(http_answer(200, "content"));
  S3Request request{.doing = "x", .method = "PUT", .key = "a+b/c d", .body = "payload"};
  request.query = {{"uploadId", "2~x/y"}, {"partNumber", "1"}, {"acl", ""}};
  const auto answer = send(std::move(request));
  CHECK(answer.checked().body == "content");
  CHECK(answer.sent == "payload");
  CHECK(http.requests()[0].url == "http://127.0.0.1:1/bucket/pre%20fix/a%2Bb/c%20d?acl=&partNumber=1&uploadId=2~x%2Fy");
  CHECK(header(0, "x-amz-content-sha256") == sha256_hex("payload"));
  CHECK(header(0, "authorization").find("OLD/") != std::string::npos);
}

TEST_CASE_FIXTURE(S3ClientFixture, "an error names the bucket, the key and the server's code, and says what it means") {
  struct Case {
    int status;
    std::string code;
    ErrorCode meaning;
  };
  for (const auto& each : {Case{403, "AccessDenied", ErrorCode::credentials},
                           Case{403, "SignatureDoesNotMatch", ErrorCode::credentials},
                           Case{404, "XAdminUserNotFound", ErrorCode::credentials},
                           Case{404, "NoSuchBucket", ErrorCode::not_found},
                           Case{404, "NoSuchKey", ErrorCode::not_found},
                           Case{412, "PreconditionFailed", ErrorCode::conflict},
                           Case{400, "InvalidRequest", ErrorCode::failure},
                           Case{501, "NotImplemented", ErrorCode::failure},
                           Case{403, "QuotaExceeded", ErrorCode::permission},
                           Case{400, "EntityTooLarge", ErrorCode::too_large}}) {
    const auto& [status, code, meaning] = each;
    CAPTURE(each.code);
    http.answer(http_answer(status, error_xml(code)));
    const auto answer = send({.doing = "cannot read the object", .key = "k"});
    REQUIRE(answer.error.has_value());
    CHECK(answer.code == code);
    CHECK(answer.error->code() == meaning);
    CHECK(answer.error->what() == "cannot read the object \"k\" in the bucket \"bucket\" at http://127.0.0.1:1: " +
                                      code + " (HTTP " + std::to_string(status) + "): because, request R1");
  }
  CHECK(http.requests().size() == 10);
}

TEST_CASE_FIXTURE(S3ClientFixture, "an error without XML is told by its status") {
  http.answer(http_answer(403, "<html>Forbidden</html>"));
  const auto answer = send({.doing = "cannot list the bucket"});
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->code() == ErrorCode::credentials);
  CHECK(std::string(answer.error->what()).ends_with(": HTTP 403"));
}

TEST_CASE_FIXTURE(S3ClientFixture, "what may pass is tried again, ever later, but not for ever") {
  http.answer_with([](const net::HttpRequest&) { return test::FakeAnswer{http_answer(503, error_xml("SlowDown"))}; });
  const auto answer = send({.doing = "x", .key = "k"});
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->code() == ErrorCode::unavailable);
  CHECK(http.requests().size() == 8);
  const auto& times = http.started_at();
  CHECK(times[1] - times[0] == milliseconds(50));
  CHECK(times[4] - times[3] == milliseconds(400));
}

TEST_CASE_FIXTURE(S3ClientFixture, "a server that cannot be reached is tried less often") {
  http.answer_with([](const net::HttpRequest&) {
    return test::FakeAnswer{http_fault(net::TransportFault::cannot_connect, "refused")};
  });
  const auto answer = send({.doing = "x", .key = "k"});
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->code() == ErrorCode::unavailable);
  CHECK(http.requests().size() == 4);
}

TEST_CASE_FIXTURE(S3ClientFixture, "a certificate that is not trusted is said at once") {
  http.answer(http_fault(net::TransportFault::tls, "self-signed"));
  const auto answer = send({.doing = "x", .key = "k"});
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->code() == ErrorCode::unavailable);
  CHECK(answer.error->hint().find("AWS_CA_BUNDLE") != std::string::npos);
}

TEST_CASE_FIXTURE(S3ClientFixture, "the server's wish for a pause is granted") {
  http.answer(http_answer(503, error_xml("ServiceUnavailable"), "Retry-After: 7\r\n"));
  http.answer(http_answer(200, ""));
  CHECK_FALSE(send({.doing = "x", .key = "k"}).error.has_value());
  CHECK(http.started_at()[1] - http.started_at()[0] == std::chrono::seconds(7));
}

TEST_CASE_FIXTURE(S3ClientFixture, "bytes that were damaged on their way are sent once more, not again and again") {
  for (int i = 0; i < 3; ++i) {
    http.answer(http_answer(400, error_xml("XAmzContentSHA256Mismatch")));
  }
  CHECK(send({.doing = "x", .method = "PUT", .key = "k"}).error.has_value());
  CHECK(http.requests().size() == 2);
}

TEST_CASE_FIXTURE(S3ClientFixture, "the bucket's region is learnt from the answer") {
  http.answer(http_answer(400, error_xml("AuthorizationHeaderMalformed", "<Region>there</Region>")));
  http.answer(http_answer(200, ""));
  http.answer(http_answer(200, ""));
  CHECK_FALSE(send({.doing = "x", .key = "k"}).error.has_value());
  send({.doing = "x", .key = "k"});
  CHECK(header(0, "authorization").find("/here/s3/") != std::string::npos);
  CHECK(header(1, "authorization").find("/there/s3/") != std::string::npos);
  CHECK(header(2, "authorization").find("/there/s3/") != std::string::npos);
}

TEST_CASE_FIXTURE(S3ClientFixture, "a region that is no better ends the search") {
  http.answer_with([](const net::HttpRequest&) {
    return test::FakeAnswer{http_answer(400, error_xml("AuthorizationHeaderMalformed", "<Region>here</Region>"))};
  });
  const auto answer = send({.doing = "x", .key = "k"});
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->code() == ErrorCode::credentials);
  CHECK(http.requests().size() == 1);
}

TEST_CASE_FIXTURE(S3ClientFixture, "what cannot be a region is none: it would become a part of a host's name") {
  http.answer(http_answer(400, error_xml("AuthorizationHeaderMalformed", "<Region>evil.example/</Region>")));
  CHECK(send({.doing = "x", .key = "k"}).error.has_value());
  CHECK(http.requests().size() == 1);
}

TEST_CASE_FIXTURE(S3ClientFixture, "an answer whose end nobody knows is not taken for whole") {
  http.answer(http_answer(200, "0123"));
  http.answer(http_answer(200, "01234", "Transfer-Encoding: chunked\r\n"));
  CHECK(get(0, 10).checked().body == "01234");
}

TEST_CASE_FIXTURE(S3ClientFixture, "HEAD answers name the region in a header") {
  http.answer(http_answer(301, "", "x-amz-bucket-region: there\r\n"));
  http.answer(http_answer(200, ""));
  CHECK_FALSE(send({.doing = "x", .method = "HEAD", .key = "k"}).error.has_value());
  CHECK(header(1, "authorization").find("/there/s3/") != std::string::npos);
}

TEST_CASE_FIXTURE(S3ClientFixture, "the server's clock is taken where ours is wrong, once") {
  http.answer(http_answer(403, error_xml("RequestTimeTooSkewed"), "Date: Thu, 01 Jan 1970 01:00:00 GMT\r\n"));
  http.answer(http_answer(200, ""));
  http.answer_with([](const net::HttpRequest&) {
    return test::FakeAnswer{
        http_answer(403, error_xml("RequestTimeTooSkewed"), "Date: Thu, 01 Jan 1970 01:00:00 GMT\r\n")};
  });
  CHECK_FALSE(send({.doing = "x", .key = "k"}).error.has_value());
  CHECK(header(0, "x-amz-date") == "19700101T001640Z");
  CHECK(header(1, "x-amz-date") == "19700101T010000Z");
  const auto answer = send({.doing = "x", .key = "k"});
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->code() == ErrorCode::credentials);
  CHECK(http.requests().size() == 3);
}

TEST_CASE_FIXTURE(S3ClientFixture, "credentials that have expired are read anew") {
  http.answer(http_answer(400, error_xml("ExpiredToken")));
  http.answer(http_answer(200, ""));
  CHECK_FALSE(send({.doing = "x", .key = "k"}).error.has_value());
  CHECK(credentials.forgotten == 1);
  CHECK(header(1, "authorization").find("NEW/") != std::string::npos);
}

TEST_CASE_FIXTURE(S3ClientFixture, "a redirect is followed, signed for the other host, and never in circles") {
  http.answer(http_answer(307, error_xml("TemporaryRedirect"), "Location: http://other:2/bucket/x\r\n"));
  http.answer(http_answer(200, ""));
  CHECK_FALSE(send({.doing = "x", .key = "k"}).error.has_value());
  CHECK(http.requests()[1].url == "http://other:2/bucket/pre%20fix/k");
  http.answer_with([](const net::HttpRequest&) {
    return test::FakeAnswer{http_answer(307, error_xml("TemporaryRedirect"), "Location: http://other:2/x\r\n")};
  });
  CHECK(send({.doing = "x", .key = "k"}).error.has_value());
  CHECK(http.requests().size() == 7);
}

TEST_CASE_FIXTURE(S3ClientFixture, "an error within a 200 is an error") {
  http.answer(http_answer(200, "   \n" + error_xml("InternalError")));
  http.answer(http_answer(200, "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"));
  const auto answer =
      send({.doing = "x", .method = "POST", .key = "k", .expected_root = "CompleteMultipartUploadResult"});
  CHECK(answer.checked().xml.text_of("ETag") == "e");
  CHECK(http.requests().size() == 2);
}

TEST_CASE_FIXTURE(S3ClientFixture, "a document that ends early is asked for again") {
  http.answer(http_answer(200, "<ListBucketResult><Contents><Key>a</Key>"));
  http.answer(http_answer(200, "<ListBucketResult></ListBucketResult>"));
  CHECK_FALSE(send({.doing = "x", .expected_root = "ListBucketResult"}).error.has_value());
}

TEST_CASE_FIXTURE(S3ClientFixture, "a range that is cut goes on where it ended, in the same object") {
  http.answer(cut(part("0123", "10-19/100")));
  http.answer(cut(part("456", "14-19/100")));
  http.answer(part("789", "17-19/100"));
  const auto answer = get(10, 10);
  CHECK(answer.checked().body == "0123456789");
  CHECK(header(0, "range") == "bytes=10-19");
  CHECK(header(0, "if-match").empty());
  CHECK(header(1, "range") == "bytes=14-19");
  CHECK(header(1, "if-match") == "\"e\"");
  CHECK(header(2, "range") == "bytes=17-19");
}

TEST_CASE_FIXTURE(S3ClientFixture, "a range that is shorter than it says is never taken for whole") {
  http.answer_with([](const net::HttpRequest&) { return test::FakeAnswer{part("01234", "10-19/100")}; });
  const auto answer = get(10, 10);
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->code() == ErrorCode::unavailable);
}

TEST_CASE_FIXTURE(S3ClientFixture, "the end of an object ends a range") {
  http.answer(part("01234", "95-99/100"));
  CHECK(get(95, 10).checked().body == "01234");
}

TEST_CASE_FIXTURE(S3ClientFixture, "a whole object is taken where all of it was asked for, and has all its bytes") {
  http.answer(http_answer(200, "0123", "Content-Length: 4\r\n"));
  CHECK(get(0, 10).checked().body == "0123");
  http.answer(http_answer(200, "0123", "Content-Length: 5\r\n"));
  http.answer(http_answer(200, "01234", "Content-Length: 5\r\n"));
  CHECK(get(0, 10).checked().body == "01234");
}

TEST_CASE_FIXTURE(S3ClientFixture, "another range than was asked for is refused") {
  http.answer(part("0123456789", "0-9/100"));
  http.answer(http_answer(200, "0123456789", "Content-Length: 10\r\n"));
  http.answer(part("abcdefghij", "10-19/100"));
  CHECK(get(10, 10).checked().body == "abcdefghij");
}

TEST_CASE_FIXTURE(S3ClientFixture, "another object than before is a conflict") {
  http.answer(part("0123456789", "10-19/100", "\"other\""));
  S3Request request{.doing = "cannot read the object", .key = "k", .range = S3Range{10, 10}};
  request.etag = "\"e\"";
  const auto answer = send(std::move(request));
  REQUIRE(answer.error.has_value());
  CHECK(answer.error->code() == ErrorCode::conflict);
  CHECK(http.requests().size() == 1);
}

TEST_CASE_FIXTURE(S3ClientFixture, "requests of a group can be cancelled, also while they wait") {
  http.answer_with([](const net::HttpRequest&) {
    return test::FakeAnswer{http_answer(503, error_xml("SlowDown"), "Retry-After: 100\r\n")};
  });
  int cancelled = 0;
  const auto count = [&](const S3Answer& answer) {
    cancelled += answer.error && answer.error->code() == ErrorCode::interrupted ? 1 : 0;
  };
  client.start({.doing = "x", .key = "k", .group = 7}, count);
  client.start({.doing = "x", .key = "k", .group = 8}, count);
  client.wait(milliseconds(10));
  client.cancel(7);
  for (int i = 0; i < 5; ++i) {
    client.wait(milliseconds(10));
  }
  CHECK(cancelled == 1);
  CHECK(client.running() == 1);
}

TEST_CASE_FIXTURE(S3ClientFixture,
                  "requests that were under way when one of them learnt something are made again too") {
  int refused = 0;
  http.answer_with([&](const net::HttpRequest& request) {
    for (const auto& header : request.headers) {
      if (header.name == "Authorization" && header.value.find("/there/s3/") != std::string::npos) {
        return test::FakeAnswer{http_answer(200, ""), milliseconds(5)};
      }
    }
    ++refused;
    return test::FakeAnswer{http_answer(400, error_xml("AuthorizationHeaderMalformed", "<Region>there</Region>")),
                            milliseconds(5)};
  });
  int good = 0;
  for (int i = 0; i < 3; ++i) {
    client.start({.doing = "x", .key = "k"}, [&](const S3Answer& answer) { good += answer.error ? 0 : 1; });
  }
  for (int i = 0; i < 50 && client.running() > 0; ++i) {
    client.wait(milliseconds(10));
  }
  CHECK(refused == 3);
  CHECK(good == 3);
}

TEST_CASE_FIXTURE(S3ClientFixture, "a server that gives less than was asked for is asked for the rest") {
  http.answer(part("01234", "10-14/100"));
  http.answer(part("56789", "15-19/100"));
  CHECK(get(10, 10).checked().body == "0123456789");
  CHECK(header(1, "range") == "bytes=15-19");
}
