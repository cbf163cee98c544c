#include "base/file.hpp"
#include "store/files/s3/aws_credentials.hpp"
#include "support/aws_home.hpp"
#include "support/errors.hpp"
#include "support/fake_http_client.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <string_view>

using namespace lumi;
using namespace lumi::store;

namespace {

constexpr std::int64_t k_minute = 60'000'000;
constexpr Timestamp k_noon{1'700'000'000'000'000};

Timestamp minutes_after(std::int64_t minutes) { return {k_noon.microseconds + minutes * k_minute}; }

struct CredentialsFixture {
  CredentialsFixture() { home.set("AWS_EC2_METADATA_DISABLED", "true"); }

  AwsCredentials get(Timestamp now = k_noon) { return AwsCredentialsChain(home.settings()).get(http, now); }

  std::string message() {
    const auto error = test::error_of([&] { get(); });
    return error ? std::string(error->what()) : "no error";
  }

  /// What the token service answers.
  void answer_role(const std::string& key, Timestamp expires_at) {
    http.answer(test::http_answer(
        200,
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><AssumedRoleUser>"
        "<Arn>a</Arn></AssumedRoleUser><Credentials><AccessKeyId>" +
            key + "</AccessKeyId><SecretAccessKey>s&amp;" + key + "</SecretAccessKey><SessionToken>t" + key +
            "</SessionToken><Expiration>" + to_rfc3339(expires_at) +
            "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"));
  }

  test::AwsHome home;
  test::FakeHttpClient http;
};

/// A shell script that prints credentials which expire then; every run adds a letter to the file `runs`.
std::string process_command(const test::AwsHome& home, const std::string& expiration) {
  return "sh -c 'printf x >>" + (home.folder() / "runs").string() +
         "; echo \"{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"PK\\\",\\\"SecretAccessKey\\\":\\\"PS\\\"," +
         "\\\"SessionToken\\\":\\\"PT\\\"" +
         (expiration.empty() ? "" : ",\\\"Expiration\\\":\\\"" + expiration + "\\\"") + "}\"'";
}

}  // namespace

TEST_CASE_FIXTURE(CredentialsFixture, "the environment comes before every file, also with AWS_PROFILE") {
  home.write_credentials("[default]\naws_access_key_id=FK\naws_secret_access_key=FS\n");
  home.set("AWS_PROFILE", "default");
  CHECK(get().access_key_id == "FK");
  CHECK(get().source == "profile \"default\"");
  home.set("AWS_ACCESS_KEY_ID", " EK ");
  home.set("AWS_SECRET_ACCESS_KEY", "ES");
  CHECK(get().access_key_id == "EK");
  CHECK(get().session_token.empty());
  home.set("AWS_SESSION_TOKEN", "ET");
  const auto found = get();
  CHECK(found.secret_access_key == "ES");
  CHECK(found.session_token == "ET");
  CHECK(found.source == "environment AWS_ACCESS_KEY_ID");
  CHECK_FALSE(found.expires_at.has_value());
}

TEST_CASE_FIXTURE(CredentialsFixture, "without any credentials, or with half a pair, it says what to do") {
  CHECK(message() == "no AWS credentials found");
  CHECK(test::error_of([&] { get(); }).value().code() == ErrorCode::credentials);
  home.set("AWS_ACCESS_KEY_ID", "EK");
  CHECK(message() == "there is an AWS access key without its secret in environment AWS_ACCESS_KEY_ID");
  home.set("AWS_ACCESS_KEY_ID", std::nullopt);
  home.write_config("[default]\naws_access_key_id=FK\n");
  CHECK(message() == "there is an AWS access key without its secret in profile \"default\"");
}

TEST_CASE_FIXTURE(CredentialsFixture, "a key that would break a header is refused without being shown") {
  home.set("AWS_ACCESS_KEY_ID", "E\nK");
  home.set("AWS_SECRET_ACCESS_KEY", "ES");
  CHECK(message() == "the AWS key of environment AWS_ACCESS_KEY_ID has characters that no key has");
}

TEST_CASE_FIXTURE(CredentialsFixture, "a profile's places come in botocore's order") {
  const auto process = "credential_process = " + process_command(home, "") + "\n";
  home.write_config("[default]\naws_access_key_id=CK\naws_secret_access_key=CS\n");
  CHECK(get().access_key_id == "CK");
  home.write_config("[default]\naws_access_key_id=CK\naws_secret_access_key=CS\n" + process);
  CHECK(get().access_key_id == "PK");
  CHECK(get().source == "credential_process of profile \"default\"");
  home.write_credentials("[default]\naws_access_key_id=FK\naws_secret_access_key=FS\n");
  CHECK(get().access_key_id == "FK");

  write_file(home.folder() / "token", " web-token \n", Overwrite::yes, Durable::no);
  home.set("AWS_WEB_IDENTITY_TOKEN_FILE", (home.folder() / "token").string());
  home.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/web");
  answer_role("WK", minutes_after(60));
  CHECK(get().access_key_id == "WK");
}

TEST_CASE_FIXTURE(CredentialsFixture, "a process gives session tokens and says when they expire") {
  home.write_config("[default]\ncredential_process = " + process_command(home, to_rfc3339(minutes_after(60))) + "\n");
  const auto found = get();
  CHECK(found.secret_access_key == "PS");
  CHECK(found.session_token == "PT");
  CHECK(found.expires_at == minutes_after(60));
}

TEST_CASE_FIXTURE(CredentialsFixture, "a process that fails is named") {
  home.write_config("[default]\ncredential_process = sh -c 'exit 7'\n");
  CHECK(message() ==
        "the credential_process of profile \"default\" gives no credentials: \"sh\" ended with exit code 7");
  CHECK(test::code_of([&] { get(); }) == ErrorCode::credentials);
  home.write_config("[default]\ncredential_process = echo not-json\n");
  CHECK(message() == "the credential_process of profile \"default\" gives no credentials that can be read");
  home.write_config("[default]\ncredential_process = sh -c 'x\n");
  CHECK(message() == "the credential_process of profile \"default\" has a quote that is not closed");
}

TEST_CASE_FIXTURE(CredentialsFixture, "a role is assumed with the keys of the source profile") {
  home.write_config("[profile p]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nexternal_id = x y\n"
                    "role_session_name = me\nduration_seconds = 900\nregion = eu-west-1\n");
  home.write_credentials("[base]\naws_access_key_id=BK\naws_secret_access_key=BS\n");
  home.set("AWS_PROFILE", "p");
  answer_role("RK", minutes_after(15));
  const auto found = get();
  CHECK(found.access_key_id == "RK");
  CHECK(found.secret_access_key == "s&RK");
  CHECK(found.session_token == "tRK");
  CHECK(found.expires_at == minutes_after(15));
  CHECK(found.source == "profile \"p\" as arn:aws:iam::1:role/r with the keys of profile \"base\"");

  const auto& request = http.requests().at(0);
  CHECK(request.method == "POST");
  CHECK(request.url == "https://sts.eu-west-1.amazonaws.com/");
  CHECK(request.body ==
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=me"
        "&ExternalId=x%20y&DurationSeconds=900");
  CHECK(request.addresses == net::Addresses::no_link_local);
  const auto& authorization = request.headers.back();
  CHECK(authorization.name == "Authorization");
  CHECK(authorization.value.find("Credential=BK/20231114/eu-west-1/sts/aws4_request, "
                                 "SignedHeaders=content-type;host;x-amz-date, Signature=") != std::string::npos);
}

TEST_CASE_FIXTURE(CredentialsFixture, "roles may lead to roles, and to the environment, but not in a circle") {
  home.write_config(
      "[profile a]\nrole_arn = arn:a\nsource_profile = b\n[profile b]\nrole_arn = arn:b\ncredential_source = "
      "Environment\n[profile c]\nrole_arn = arn:c\nsource_profile = d\n[profile d]\nrole_arn = arn:d\n"
      "source_profile = c\n[profile own]\nrole_arn = arn:o\nsource_profile = own\naws_access_key_id = OK\n"
      "aws_secret_access_key = OS\n");
  home.set("AWS_PROFILE", "a");
  CHECK(message() == "cannot assume the role of profile \"b\": its credential_source \"Environment\" has no keys");
  home.set("AWS_PROFILE", "c");
  CHECK(message() == "cannot assume the role of profile \"d\": its source_profile \"c\" leads back to itself");
  home.set("AWS_PROFILE", "own");
  answer_role("XK", minutes_after(60));
  CHECK(get().access_key_id == "XK");
}

TEST_CASE_FIXTURE(CredentialsFixture, "roles that cannot be assumed say why") {
  home.set("AWS_PROFILE", "p");
  home.write_config("[profile p]\nrole_arn = arn:r\n");
  CHECK(message() == "cannot assume the role of profile \"p\": it has neither source_profile nor credential_source");
  home.write_config("[profile p]\nrole_arn = arn:r\nsource_profile = none\n");
  CHECK(message() == "cannot assume the role of profile \"p\": its source_profile \"none\" is in no file");
  home.write_config("[profile p]\nrole_arn = arn:r\nsource_profile = e\n[profile e]\nregion = x\n");
  CHECK(message() == "cannot assume the role of profile \"p\": its source_profile \"e\" has no keys");
  home.write_config("[profile p]\nrole_arn = arn:r\nsource_profile = e\nmfa_serial = 1\n");
  CHECK(message() ==
        "cannot assume the role of profile \"p\": it needs the code of an MFA device, which lumi does not ask for");
  home.write_config("[profile p]\nsso_session = s\n");
  CHECK(message() == "profile \"p\" logs in with AWS SSO, which lumi does not speak");
}

TEST_CASE_FIXTURE(CredentialsFixture, "what the token service refuses, and its absence, are told apart") {
  home.write_config("[default]\nrole_arn = arn:r\nsource_profile = base\n");
  home.write_credentials("[base]\naws_access_key_id=BK\naws_secret_access_key=BS\n");
  http.answer(test::http_answer(
      403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>"));
  CHECK(message() == "the AWS token service refused the role \"arn:r\": AccessDenied (not you)");
  http.answer(test::http_answer(403, "<html>"));
  CHECK(message() == "the AWS token service refused the role \"arn:r\": status 403");
  http.answer(test::http_answer(200, "<AssumeRoleResponse><x/></AssumeRoleResponse>"));
  CHECK(message() == "the AWS token service gave no credentials for the role \"arn:r\"");
  const auto before = http.requests().size();
  http.answer_with([](const net::HttpRequest&) { return test::FakeAnswer{test::http_answer(503, "")}; });
  CHECK(test::code_of([&] { get(); }) == ErrorCode::unavailable);
  CHECK(http.requests().size() == before + 3);
  http.answer_with([](const net::HttpRequest&) {
    return test::FakeAnswer{test::http_fault(net::TransportFault::cannot_resolve, "no such host")};
  });
  CHECK(message() == "no answer from the AWS token service: no such host");
  CHECK(test::code_of([&] { get(); }) == ErrorCode::unavailable);
}

TEST_CASE_FIXTURE(CredentialsFixture, "a web identity's token goes unsigned to the endpoint that is set") {
  write_file(home.folder() / "token", "web-token\n", Overwrite::yes, Durable::no);
  home.write_config("[default]\nweb_identity_token_file = " + (home.folder() / "token").string() +
                    "\nrole_arn = arn:w\n");
  home.set("AWS_ENDPOINT_URL_STS", "http://sts.test");
  answer_role("WK", minutes_after(60));
  CHECK(get().source == "web identity as arn:w");
  const auto& request = http.requests().at(0);
  CHECK(request.url == "http://sts.test/");
  CHECK(request.body == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aw&RoleSessionName="
                        "lumi-1700000000&WebIdentityToken=web-token");
  CHECK(request.headers.size() == 1);
  std::filesystem::remove(home.folder() / "token");
  CHECK(test::code_of([&] { get(); }) == ErrorCode::credentials);
}

TEST_CASE_FIXTURE(CredentialsFixture, "credentials are kept until shortly before they expire, or are dropped") {
  home.write_config("[default]\ncredential_process = " + process_command(home, to_rfc3339(minutes_after(60))) + "\n");
  AwsCredentialsChain chain(home.settings());
  const auto runs_after = [&](std::int64_t minutes) {
    chain.get(http, minutes_after(minutes));
    return read_file(home.folder() / "runs").size();
  };
  CHECK(runs_after(0) == 1);
  CHECK(runs_after(54) == 1);
  CHECK(runs_after(55) == 2);
  CHECK(runs_after(55) == 2);  // the new ones are as old: not at every call
  CHECK(runs_after(56) == 3);
  chain.forget();
  CHECK(runs_after(56) == 4);
}

TEST_CASE_FIXTURE(CredentialsFixture, "dropped credentials are read from the files as they are now") {
  home.write_credentials("[default]\naws_access_key_id=OLD\naws_secret_access_key=S\n");
  AwsCredentialsChain chain(home.settings());
  CHECK(chain.get(http, k_noon).access_key_id == "OLD");
  home.write_credentials("[default]\naws_access_key_id=NEW\naws_secret_access_key=S\n");
  CHECK(chain.get(http, k_noon).access_key_id == "OLD");
  chain.forget();
  CHECK(chain.get(http, k_noon).access_key_id == "NEW");
}

TEST_CASE_FIXTURE(CredentialsFixture, "credentials that cannot be refreshed serve until they expire") {
  home.write_config("[default]\nrole_arn = arn:r\nsource_profile = base\n");
  home.write_credentials("[base]\naws_access_key_id=BK\naws_secret_access_key=BS\n");
  answer_role("RK", minutes_after(60));
  http.answer_with([](const net::HttpRequest&) { return test::FakeAnswer{test::http_answer(503, "")}; });
  AwsCredentialsChain chain(home.settings());
  CHECK(chain.get(http, k_noon).access_key_id == "RK");
  CHECK(chain.get(http, minutes_after(58)).access_key_id == "RK");
  CHECK(http.requests().size() == 4);
  CHECK(test::code_of([&] { chain.get(http, minutes_after(60)); }) == ErrorCode::unavailable);
}
