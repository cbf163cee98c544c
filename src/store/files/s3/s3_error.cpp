#include "store/files/s3/s3_error.hpp"

#include "base/text.hpp"
#include "store/files/s3/xml.hpp"

#include <algorithm>
#include <array>

namespace lumi::store {

namespace {

constexpr std::size_t k_longest_message = 300;

std::string clean(std::string_view text) {
  return std::string(cut_to_bytes(to_valid_utf8(trim(text)), k_longest_message));
}

/// `text` if it may be the name of a region, which becomes a part of a host's name; else nothing.
std::string region_in(std::string text) {
  const bool is_name =
      text.size() < 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      });
  return is_name ? text : std::string();
}

template <std::size_t Count>
bool is_one_of(const std::array<std::string_view, Count>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

ErrorCode code_of(const S3Error& error) {
  constexpr std::array<std::string_view, 13> k_credentials{"AccessDenied",
                                                           "AllAccessDisabled",
                                                           "AuthorizationHeaderMalformed",
                                                           "ExpiredToken",
                                                           "InvalidAccessKeyId",
                                                           "InvalidToken",
                                                           "NotSignedUp",
                                                           "PermanentRedirect",
                                                           "RequestTimeTooSkewed",
                                                           "SignatureDoesNotMatch",
                                                           "TokenRefreshRequired",
                                                           "InvalidSecurity",
                                                           "XAdminUserNotFound"};
  constexpr std::array<std::string_view, 3> k_no_space{
      "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"};
  if (is_one_of(k_no_space, error.code)) {
    return ErrorCode::permission;
  }
  if (is_one_of(k_credentials, error.code) || error.status == 401 || error.status == 403) {
    return ErrorCode::credentials;
  }
  switch (error.status) {
  case 404:
    return ErrorCode::not_found;
  case 409:
  case 412:
    return ErrorCode::conflict;
  case 413:
    return ErrorCode::too_large;
  case 507:
    return ErrorCode::permission;
  default:
    break;
  }
  if (error.code == "EntityTooLarge") {
    return ErrorCode::too_large;
  }
  // 501 says that the server never will; a code within a 200 is one of those that a 500 has elsewhere.
  const bool is_temporary = (error.status >= 500 && error.status != 501) || error.status == 429 ||
                            error.status == 408 || error.status / 100 == 2;
  return is_temporary ? ErrorCode::unavailable : ErrorCode::failure;
}

std::string hint_for(const S3Error& error) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> k_hints{{
      {"NoSuchBucket", "lumi makes no buckets: make it first, or correct LUMI_STORAGE"},
      {"SignatureDoesNotMatch", "the secret key does not fit the access key; 'lumi doctor' says where they come from"},
      {"InvalidAccessKeyId", "the server does not know the access key; 'lumi doctor' says where it comes from"},
      {"XAdminUserNotFound", "versitygw does not know the access key; 'lumi doctor' says where it comes from"},
      {"AccessDenied", "the access key may not do this, its secret is wrong, or it is meant for another server"},
      {"ExpiredToken", "get new credentials: the session is over"},
      {"InvalidToken", "get new credentials: the session token is not good"},
      {"RequestTimeTooSkewed", "set the clock of this machine"},
      {"AuthorizationHeaderMalformed", "AWS_REGION is not the region of the bucket"},
      {"PermanentRedirect", "AWS_REGION or AWS_ENDPOINT_URL_S3 is not where the bucket is"},
      {"SlowDown", "the server is busy: try again later"},
  }};
  const auto* found = std::ranges::find(k_hints, error.code, &std::pair<std::string_view, std::string_view>::first);
  if (found != k_hints.end()) {
    return std::string(found->second);
  }
  if (error.status == 401 || error.status == 403) {
    return "the credentials do not allow this; 'lumi doctor' says where they come from";
  }
  return code_of(error) == ErrorCode::unavailable ? "try again later" : "";
}

std::string place_of(const S3Subject& subject) {
  const auto key = subject.key.empty() ? std::string() : " " + quote(subject.key) + " in the bucket";
  return subject.doing + key + " " + quote(subject.bucket) + " at " + subject.endpoint;
}

}  // namespace

S3Error read_s3_error(const net::HttpAnswer& answer) {
  S3Error error;
  error.status = answer.status;
  if (const auto xml = parse_xml(answer.body); xml && xml->name == "Error") {
    error.code = clean(xml->text_of("Code"));
    error.message = clean(xml->text_of("Message"));
    error.request_id = clean(xml->text_of("RequestId"));
    error.region = region_in(clean(xml->text_of("Region")));
  }
  if (error.request_id.empty()) {
    error.request_id = clean(answer.header("x-amz-request-id").value_or(""));
  }
  if (error.region.empty()) {
    error.region = region_in(clean(answer.header("x-amz-bucket-region").value_or("")));
  }
  return error;
}

Error to_error(const S3Error& error, const S3Subject& subject) {
  std::string text = place_of(subject) + ": ";
  text += error.code.empty() ? "HTTP " + std::to_string(error.status)
                             : error.code + " (HTTP " + std::to_string(error.status) + ")";
  if (!error.message.empty()) {
    text += ": " + escape_control(error.message);
  }
  if (!error.request_id.empty()) {
    text += ", request " + escape_control(error.request_id);
  }
  return {code_of(error), text, hint_for(error)};
}

Error to_error(const net::HttpAnswer& answer, const S3Subject& subject) {
  const bool is_tls = answer.fault == net::TransportFault::tls;
  const auto code = answer.fault == net::TransportFault::too_large ? ErrorCode::failure : ErrorCode::unavailable;
  return {code,
          place_of(subject) + ": " + answer.fault_text,
          is_tls ? "SSL_CERT_FILE or AWS_CA_BUNDLE names the certificate of an authority of your own"
                 : "is AWS_ENDPOINT_URL_S3 right, and the server running"};
}

}  // namespace lumi::store
