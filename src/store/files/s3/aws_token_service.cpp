#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "store/files/s3/aws_credential_sources.hpp"
#include "store/files/s3/aws_http.hpp"
#include "store/files/s3/s3_location.hpp"
#include "store/files/s3/xml.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace lumi::store {

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Where AWS's token service is, and the region that requests to it are signed for.
struct TokenService {
  std::string url;
  std::string region;
};

TokenService find_service(const AwsSettings& settings) {
  auto region = settings.variable("AWS_REGION");
  region = region ? region : settings.variable("AWS_DEFAULT_REGION");
  region = region ? region : settings.profile().find("region");
  const auto region_name = region && *region != "aws-global" ? *region : "us-east-1";
  std::optional<std::string> url;
  if (!settings.is_set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) {
    url = settings.variable("AWS_ENDPOINT_URL_STS");
    url = url ? url : settings.variable("AWS_ENDPOINT_URL");
    url = url ? url : settings.endpoint_url("sts");
  }
  const std::string end = region_name.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  return {url.value_or("https://sts." + region_name + end), region_name};
}

std::string form_of(const Parameters& parameters) {
  std::string form;
  for (const auto& [name, value] : parameters) {
    if (!value.empty()) {
      form += (form.empty() ? "" : "&") + name + "=" + percent_encode(value);
    }
  }
  return form;
}

net::HttpRequest request_for(const TokenService& service, const Parameters& parameters) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = service.url + (service.url.ends_with('/') ? "" : "/");
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body = form_of(parameters);
  return request;
}

Parameters parameters_for(const std::string& action, const AwsRole& role, Timestamp now) {
  const auto made_up = "lumi-" + std::to_string(now.microseconds / 1'000'000);
  return {{"Action", action},
          {"Version", "2011-06-15"},
          {"RoleArn", role.arn},
          {"RoleSessionName", role.session_name.empty() ? made_up : role.session_name},
          {"ExternalId", role.external_id},
          {"DurationSeconds", role.duration_s}};
}

/// The element with the keys: the result's, whatever the action calls it.
const XmlElement* find_credentials(const std::optional<XmlElement>& document) {
  for (std::size_t i = 0; document && i < document->children.size(); ++i) {
    if (const auto* found = document->children[i].child("Credentials")) {
      return found;
    }
  }
  return nullptr;
}

AwsCredentials ask(const CredentialSearch& search, const net::HttpRequest& request, const AwsRole& role) {
  const auto answer = send_for_credentials(search.http, request, "the AWS token service", 3);
  const auto document = parse_xml(answer.body);
  if (answer.status != 200) {
    const auto* error = document ? document->child("Error") : nullptr;
    const auto code = error != nullptr ? error->text_of("Code") : std::string();
    const auto message = error != nullptr ? error->text_of("Message") : std::string();
    throw Error(answer.status >= 500 ? ErrorCode::unavailable : ErrorCode::credentials,
                "the AWS token service refused the role " + quote(role.arn) + ": " +
                    (code.empty() ? "status " + std::to_string(answer.status) : code) +
                    (message.empty() ? "" : " (" + escape_control(message) + ")"));
  }
  const auto* found = find_credentials(document);
  AwsCredentials credentials;
  if (found != nullptr) {
    credentials = {found->text_of("AccessKeyId"), found->text_of("SecretAccessKey"), found->text_of("SessionToken")};
    credentials.expires_at = parse_rfc3339(found->text_of("Expiration"));
  }
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    throw Error(ErrorCode::credentials, "the AWS token service gave no credentials for the role " + quote(role.arn));
  }
  return credentials;
}

}  // namespace

AwsCredentials assume_role(const CredentialSearch& search, const AwsRole& role, const AwsCredentials& keys) {
  const auto service = find_service(search.settings);
  auto request = request_for(service, parameters_for("AssumeRole", role, search.now));
  SigV4Signer().sign(request, keys, {service.region, "sts"}, sha256_hex(request.body), search.now);
  return ask(search, request, role);
}

AwsCredentials assume_role_with_token(const CredentialSearch& search, const AwsRole& role, const std::string& token) {
  auto parameters = parameters_for("AssumeRoleWithWebIdentity", role, search.now);
  parameters.emplace_back("WebIdentityToken", token);
  return ask(search, request_for(find_service(search.settings), parameters), role);
}

}  // namespace lumi::store
