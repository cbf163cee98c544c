#include "store/files/s3/sigv4.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace lumi::store {

namespace {

using net::HttpHeader;
using net::HttpRequest;

constexpr std::string_view k_algorithm = "AWS4-HMAC-SHA256";

/// The parts of a URL that a signature covers, as they stand in it.
struct UrlParts {
  std::string_view before_query;
  std::string_view host;  // with its port
  std::string_view path;
  std::string_view query;
};

UrlParts parts_of(std::string_view url) {
  UrlParts parts;
  url = url.substr(0, url.find('#'));
  parts.before_query = url.substr(0, url.find('?'));
  parts.query = url.size() > parts.before_query.size() ? url.substr(parts.before_query.size() + 1) : std::string_view();
  const auto scheme_end = parts.before_query.find("://");
  const auto authority =
      parts.before_query.substr(scheme_end == std::string_view::npos ? 0 : scheme_end + std::string_view("://").size());
  const auto path_start = std::min(authority.find('/'), authority.size());
  parts.path = authority.substr(path_start);
  parts.host = authority.substr(0, path_start);
  parts.host.remove_prefix(parts.host.rfind('@') == std::string_view::npos ? 0 : parts.host.rfind('@') + 1);
  const bool is_https = net::is_same_name(url.substr(0, 8), "https://");
  const std::string_view usual_port = is_https ? ":443" : ":80";
  if (parts.host.ends_with(usual_port)) {
    parts.host.remove_suffix(usual_port.size());
  }
  return parts;
}

/// `text` with what is encoded decoded first, so that all its spellings give the same.
std::string encode_anew(std::string_view text) { return percent_encode(percent_decode(text)); }

std::string canonical_path(std::string_view path) {
  std::string out;
  const char* between = "";
  for (const auto part : split(path.empty() ? "/" : path, '/')) {
    out += std::exchange(between, "/") + encode_anew(part);
  }
  return out;
}

using Parameters = std::vector<std::pair<std::string, std::string>>;  // encoded

Parameters parameters_of(std::string_view query) {
  Parameters parameters;
  for (const auto part : split(query, '&')) {
    if (!part.empty()) {
      const auto name = part.substr(0, part.find('='));
      const auto value = part.size() > name.size() ? part.substr(name.size() + 1) : std::string_view();
      parameters.emplace_back(encode_anew(name), encode_anew(value));
    }
  }
  return parameters;
}

std::string to_query(Parameters parameters) {
  std::sort(parameters.begin(), parameters.end());
  std::string query;
  for (const auto& [name, value] : parameters) {
    query += (query.empty() ? "" : "&") + name + "=" + value;
  }
  return query;
}

/// Proxies and libcurl add, change or drop these on the way.
bool is_left_out(std::string_view lower_name) {
  constexpr std::array<std::string_view, 12> k_names{"authorization",
                                                     "connection",
                                                     "expect",
                                                     "keep-alive",
                                                     "proxy-authenticate",
                                                     "proxy-authorization",
                                                     "te",
                                                     "trailer",
                                                     "transfer-encoding",
                                                     "upgrade",
                                                     "user-agent",
                                                     "x-amzn-trace-id"};
  return std::find(k_names.begin(), k_names.end(), lower_name) != k_names.end();
}

/// `value` trimmed, with one space for each run of them.
std::string canonical_value(std::string_view value) {
  std::string out;
  for (const char c : trim(value)) {
    if (c != ' ' || !out.ends_with(' ')) {
      out += c;
    }
  }
  return out;
}

/// The headers that are signed: the canonical lines, and the list of names.
struct SignedHeaders {
  std::string lines;
  std::string names;
};

SignedHeaders signed_headers(const std::vector<HttpHeader>& headers, std::string_view host) {
  std::map<std::string, std::string> canonical;
  for (const auto& header : headers) {
    const auto name = to_lower_ascii(header.name);
    if (is_left_out(name)) {
      continue;
    }
    const auto [at, is_new] = canonical.try_emplace(name, canonical_value(header.value));
    if (!is_new) {
      at->second += "," + canonical_value(header.value);
    }
  }
  canonical.try_emplace("host", host);
  SignedHeaders out;
  for (const auto& [name, value] : canonical) {
    out.lines.append(name).append(":").append(value).append("\n");
    out.names += (out.names.empty() ? "" : ";") + name;
  }
  return out;
}

std::string canonical_request(const HttpRequest& request,
                              std::string_view path,
                              const std::string& query,
                              const SignedHeaders& headers,
                              std::string_view payload_sha256) {
  std::string text = request.method;
  text.append("\n").append(canonical_path(path)).append("\n").append(query).append("\n");
  text.append(headers.lines).append("\n").append(headers.names).append("\n").append(payload_sha256);
  return text;
}

/// "20130524T000000Z"
std::string to_amz_date(Timestamp time) {
  std::string text;
  for (const char c : to_rfc3339(time).substr(0, std::string_view("2013-05-24T00:00:00").size())) {
    if (c != '-' && c != ':') {
      text += c;
    }
  }
  return text + "Z";
}

std::string day_of(const std::string& amz_date) { return amz_date.substr(0, amz_date.find('T')); }

std::string scope_text(const std::string& day, const SigningScope& scope) {
  return day + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

void set_header(std::vector<HttpHeader>& headers, std::string name, std::string value) {
  std::erase_if(headers, [&](const HttpHeader& header) { return net::is_same_name(header.name, name); });
  headers.push_back({std::move(name), std::move(value)});
}

}  // namespace

const std::string&
SigV4Signer::signing_key(const std::string& secret, const std::string& day, const SigningScope& scope) {
  auto name = secret + "\n" + scope_text(day, scope);
  if (name != key_name_) {
    key_ = hmac_sha256("AWS4" + secret, day);
    for (const std::string_view part :
         {std::string_view(scope.region), std::string_view(scope.service), std::string_view("aws4_request")}) {
      key_ = hmac_sha256(key_, part);
    }
    key_name_ = std::move(name);
  }
  return key_;
}

std::string SigV4Signer::signature_of(const std::string& canonical_request,
                                      const std::string& secret,
                                      const std::string& amz_date,
                                      const SigningScope& scope) {
  const auto day = day_of(amz_date);
  std::string text(k_algorithm);
  text.append("\n").append(amz_date).append("\n").append(scope_text(day, scope)).append("\n");
  text += sha256_hex(canonical_request);
  return hex_of(hmac_sha256(signing_key(secret, day, scope), text));
}

void SigV4Signer::sign(HttpRequest& request,
                       const AwsCredentials& credentials,
                       const SigningScope& scope,
                       std::string_view payload_sha256,
                       Timestamp now) {
  const auto amz_date = to_amz_date(now);
  set_header(request.headers, "x-amz-date", amz_date);
  if (scope.service == "s3") {
    set_header(request.headers, "x-amz-content-sha256", std::string(payload_sha256));
  }
  std::erase_if(request.headers,
                [](const HttpHeader& header) { return net::is_same_name(header.name, "x-amz-security-token"); });
  if (!credentials.session_token.empty()) {
    set_header(request.headers, "x-amz-security-token", credentials.session_token);
  }
  const auto url = parts_of(request.url);
  const auto headers = signed_headers(request.headers, url.host);
  const auto text = canonical_request(request, url.path, to_query(parameters_of(url.query)), headers, payload_sha256);
  const auto signature = signature_of(text, credentials.secret_access_key, amz_date, scope);
  // Piece by piece: gcc 12 sees overruns in the sum of these texts that are not there.
  std::string authorization(k_algorithm);
  for (const auto& piece : {" Credential=" + credentials.access_key_id,
                            "/" + scope_text(day_of(amz_date), scope),
                            ", SignedHeaders=" + headers.names,
                            ", Signature=" + signature}) {
    authorization += piece;
  }
  set_header(request.headers, "Authorization", authorization);
}

std::string SigV4Signer::presign_url(const HttpRequest& request,
                                     const AwsCredentials& credentials,
                                     const SigningScope& scope,
                                     std::chrono::seconds valid_for,
                                     Timestamp now) {
  const auto amz_date = to_amz_date(now);
  const auto url = parts_of(request.url);
  const auto headers = signed_headers(request.headers, url.host);
  auto parameters = parameters_of(url.query);
  parameters.emplace_back("X-Amz-Algorithm", k_algorithm);
  parameters.emplace_back("X-Amz-Credential",
                          percent_encode(credentials.access_key_id + "/" + scope_text(day_of(amz_date), scope)));
  parameters.emplace_back("X-Amz-Date", amz_date);
  parameters.emplace_back("X-Amz-Expires", std::to_string(valid_for.count()));
  parameters.emplace_back("X-Amz-SignedHeaders", percent_encode(headers.names));
  if (!credentials.session_token.empty()) {
    parameters.emplace_back("X-Amz-Security-Token", percent_encode(credentials.session_token));
  }
  const auto query = to_query(std::move(parameters));
  const auto payload = scope.service == "s3" ? std::string(k_unsigned_payload) : sha256_hex(request.body);
  const auto text = canonical_request(request, url.path, query, headers, payload);
  const auto signature = signature_of(text, credentials.secret_access_key, amz_date, scope);
  const std::string slash = url.path.empty() ? "/" : "";
  return std::string(url.before_query) + slash + "?" + query + "&X-Amz-Signature=" + signature;
}

}  // namespace lumi::store
