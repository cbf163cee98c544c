// Signs requests to S3 given as JSON Lines `{"method", "endpoint", "bucket", "key", "query": [[NAME, VALUE], …],
// "headers": [[NAME, VALUE], …], "body", "time_s", "region", "access_key_id", "secret_access_key", "session_token"}`: a
// line `{"url", "headers": {NAME: VALUE}}` for each, or with "valid_for_s" just the presigned URL. A body of null is
// not signed.
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "store/files/s3/s3_location.hpp"
#include "store/files/s3/sigv4.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <string>

namespace {

using Json = nlohmann::ordered_json;
using lumi::percent_encode;

lumi::net::HttpRequest request_of(const Json& line) {
  const lumi::store::AwsSettings settings([&](const char* name) -> std::optional<std::string> {
    return std::string_view(name) == "AWS_ENDPOINT_URL" ? std::optional(line["endpoint"].get<std::string>())
                                                        : std::nullopt;
  });
  const auto location = parse_s3_location("s3://" + line["bucket"].get<std::string>(), settings);
  lumi::net::HttpRequest request;
  request.method = line["method"];
  request.url = location.object_url(line["key"].get<std::string>());
  char separator = '?';
  for (const auto& parameter : line["query"]) {
    request.url += separator;
    request.url += percent_encode(parameter[0].get<std::string>());
    request.url += '=';
    request.url += percent_encode(parameter[1].get<std::string>());
    separator = '&';
  }
  for (const auto& header : line["headers"]) {
    request.headers.push_back({header[0], header[1]});
  }
  return request;
}

Json sign(const Json& line, lumi::store::SigV4Signer& signer) {
  auto request = request_of(line);
  const lumi::store::AwsCredentials credentials{
      line["access_key_id"], line["secret_access_key"], line["session_token"]};
  const lumi::store::SigningScope scope{line["region"]};
  const lumi::Timestamp now{line["time_s"].get<std::int64_t>() * 1'000'000};
  if (line.contains("valid_for_s")) {
    return signer.presign_url(
        request, credentials, scope, std::chrono::seconds(line["valid_for_s"].get<std::int64_t>()), now);
  }
  const auto payload = line["body"].is_null() ? std::string(lumi::store::k_unsigned_payload)
                                              : lumi::sha256_hex(line["body"].get<std::string>());
  signer.sign(request, credentials, scope, payload, now);
  Json headers = Json::object();
  for (const auto& header : request.headers) {
    headers[lumi::to_lower_ascii(header.name)] = header.value;
  }
  return {{"url", request.url}, {"headers", headers}};
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  lumi::store::SigV4Signer signer;
  for (std::string text; std::getline(std::cin, text);) {
    std::cout << sign(Json::parse(text), signer).dump() << '\n';
  }
  return 0;
}
