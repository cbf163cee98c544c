#include "base/file.hpp"
#include "store/files/s3/aws_credentials.hpp"
#include "support/aws_home.hpp"
#include "support/errors.hpp"
#include "support/fake_http_client.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace lumi;
using namespace lumi::store;

namespace {

constexpr const char* k_credentials =
    R"({"Code":"Success","AccessKeyId":"MK","SecretAccessKey":"MS","Token":"MT","Expiration":"2030-01-01T00:00:00Z"})";

struct MetadataFixture {
  AwsCredentials get() { return AwsCredentialsChain(home.settings()).get(http, {}); }
  std::optional<ErrorCode> code() {
    return test::code_of([&] { get(); });
  }

  test::AwsHome home;
  test::FakeHttpClient http;
};

}  // namespace

TEST_CASE_FIXTURE(MetadataFixture, "a container's credentials come from its own address") {
  home.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x");
  home.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.org/");
  http.answer(test::http_answer(200, k_credentials));
  const auto found = get();
  CHECK(found.access_key_id == "MK");
  CHECK(found.secret_access_key == "MS");
  CHECK(found.session_token == "MT");
  CHECK(to_rfc3339(found.expires_at.value()) == "2030-01-01T00:00:00Z");
  CHECK(found.source == "container");
  CHECK(http.requests().at(0).url == "http://169.254.170.2/v2/x");
  CHECK(http.requests().at(0).addresses == net::Addresses::all);
  CHECK(http.requests().at(0).headers.empty());
}

TEST_CASE_FIXTURE(MetadataFixture, "a container's token is sent, the file's before the variable's") {
  home.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost:1234/x");
  home.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "by variable");
  http.answer(test::http_answer(200, k_credentials));
  get();
  CHECK(http.requests().at(0).headers.at(0) == net::HttpHeader{"Authorization", "by variable"});
  write_file(home.folder() / "token", "by file\n", Overwrite::yes, Durable::no);
  home.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", (home.folder() / "token").string());
  http.answer(test::http_answer(200, k_credentials));
  get();
  CHECK(http.requests().at(1).headers.at(0) == net::HttpHeader{"Authorization", "by file"});
  home.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", (home.folder() / "none").string());
  CHECK(code() == ErrorCode::credentials);
}

TEST_CASE_FIXTURE(MetadataFixture, "credentials travel unencrypted only within the machine") {
  for (const char* url : {"http://example.org/",
                          "http://127.0.0.1.example.org/",
                          "http://10.0.0.1",
                          "http://localhost:x@example.org/",
                          "http://",
                          "ftp://x"}) {
    CAPTURE(url);
    home.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    CHECK(code() == ErrorCode::credentials);
  }
  CHECK(http.requests().empty());
  for (const char* url : {"https://example.org/",
                          "http://127.8.0.1:80/x",
                          "http://[::1]:90/",
                          "http://169.254.170.23/v1",
                          "http://[fd00:ec2::23]/v1"}) {
    CAPTURE(url);
    home.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    http.answer(test::http_answer(200, k_credentials));
    CHECK(get().access_key_id == "MK");
  }
}

TEST_CASE_FIXTURE(MetadataFixture, "a container's server that fails is not passed over") {
  home.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
  http.answer(test::http_answer(404, "no"));
  CHECK(code() == ErrorCode::credentials);
  http.answer(test::http_answer(200, R"({"AccessKeyId":"MK"})"));
  CHECK(code() == ErrorCode::credentials);
  http.answer(test::http_answer(200, R"({"AccessKeyId":"MK","SecretAccessKey":"MS","Expiration":"soon"})"));
  CHECK(code() == ErrorCode::credentials);
  http.answer_with([](const net::HttpRequest&) { return test::FakeAnswer{test::http_answer(500, "")}; });
  CHECK(code() == ErrorCode::unavailable);
}

TEST_CASE_FIXTURE(MetadataFixture, "a machine's role is asked for with a token") {
  http.answer(test::http_answer(200, "the-token"));
  http.answer(test::http_answer(200, "my role\n"));
  http.answer(test::http_answer(200, k_credentials));
  CHECK(get().source == "machine, role \"my role\"");
  const auto& requests = http.requests();
  CHECK(requests.size() == 3);
  CHECK(requests.at(0).method == "PUT");
  CHECK(requests.at(0).url == "http://169.254.169.254/latest/api/token");
  CHECK(requests.at(0).headers.at(0).name == "x-aws-ec2-metadata-token-ttl-seconds");
  CHECK(requests.at(0).limits.total == std::chrono::seconds(1));
  CHECK(requests.at(1).url == "http://169.254.169.254/latest/meta-data/iam/security-credentials/");
  CHECK(requests.at(2).url == "http://169.254.169.254/latest/meta-data/iam/security-credentials/my%20role");
  for (const auto& request : requests) {
    CHECK(request.addresses == net::Addresses::all);
  }
  CHECK(requests.at(2).headers.at(0) == net::HttpHeader{"x-aws-ec2-metadata-token", "the-token"});
}

TEST_CASE_FIXTURE(MetadataFixture, "a machine without a metadata server, or without a role, has no credentials") {
  http.answer(test::http_fault(net::TransportFault::timed_out));
  CHECK(code() == ErrorCode::credentials);
  CHECK(http.requests().size() == 1);
  http.answer(test::http_answer(403, ""));
  CHECK(code() == ErrorCode::credentials);
  http.answer(test::http_answer(200, "the-token"));
  http.answer(test::http_answer(404, "none"));
  CHECK(code() == ErrorCode::credentials);
  home.set("AWS_EC2_METADATA_DISABLED", "TRUE");
  const auto before = http.requests().size();
  CHECK(code() == ErrorCode::credentials);
  CHECK(http.requests().size() == before);
}

TEST_CASE_FIXTURE(MetadataFixture, "the metadata server's address, patience and attempts can be set") {
  home.set("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6");
  home.set("AWS_METADATA_SERVICE_TIMEOUT", "5");
  home.set("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3");
  http.answer_with(
      [](const net::HttpRequest&) { return test::FakeAnswer{test::http_fault(net::TransportFault::cannot_connect)}; });
  CHECK(code() == ErrorCode::credentials);
  CHECK(http.requests().size() == 3);
  CHECK(http.requests().at(0).url == "http://[fd00:ec2::254]/latest/api/token");
  CHECK(http.requests().at(0).limits.total == std::chrono::seconds(5));
  home.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:8/");
  CHECK(code() == ErrorCode::credentials);
  CHECK(http.requests().back().url == "http://127.0.0.1:8/latest/api/token");
}
