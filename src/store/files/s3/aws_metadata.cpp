#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "store/files/s3/aws_credential_sources.hpp"
#include "store/files/s3/aws_http.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace lumi::store {

namespace {

constexpr std::size_t k_most_answer = std::size_t{64} * 1024;

/// A request to a server that only this machine or container can see.
net::HttpRequest local_request(std::string url, std::chrono::seconds limit) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.limits = {limit, limit, limit};
  request.max_body_bytes = k_most_answer;
  request.addresses = net::Addresses::all;
  return request;
}

/// The host in `url`, with the brackets of an IPv6 address and without the port; empty if it is not plain which it is.
std::string_view host_in(std::string_view url) {
  const auto scheme_end = url.find("://");
  auto host = scheme_end == std::string_view::npos ? std::string_view() : url.substr(scheme_end + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.find_first_of("@\\") != std::string_view::npos) {
    return {};
  }
  return host.starts_with('[') ? host.substr(0, std::min(host.find(']'), host.size() - 1) + 1)
                               : host.substr(0, host.find(':'));
}

/// Whether credentials may come from there without encryption: it does not leave the machine.
bool is_local_host(std::string_view host) {
  constexpr std::array<std::string_view, 5> k_hosts{
      "localhost", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
  const bool is_loopback =
      host.starts_with("127.") && std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return is_loopback || std::ranges::find(k_hosts, host) != k_hosts.end();
}

/// What the container's server wants in the header Authorization, or nothing.
std::string container_token(const AwsSettings& settings) {
  const auto file = settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  return file ? read_token(*file)
              : std::string(trim(settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("")));
}

/// The URL of the container's server, or nothing.
std::optional<std::string> container_url(const AwsSettings& settings) {
  if (const auto path = settings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    return "http://169.254.170.2" + *path;
  }
  const auto url = settings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (url && !url->starts_with("https://") && !is_local_host(host_in(*url))) {
    throw Error(ErrorCode::credentials,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI would get credentials from " + quote(std::string(host_in(*url))) +
                    " without encryption",
                "use https, or a server on this machine");
  }
  return url;
}

/// The machine's metadata server.
class Machine {
public:
  explicit Machine(const CredentialSearch& search) : search_(search) {
    const auto& settings = search.settings;
    const bool is_ipv6 =
        to_lower_ascii(settings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("")) == "ipv6";
    base_ = settings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
                .value_or(is_ipv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
    while (base_.ends_with('/')) {
      base_.pop_back();
    }
    const auto number = [&](const char* name) {
      return std::clamp<std::int64_t>(parse_integer(settings.variable(name).value_or("")).value_or(1), 1, 60);
    };
    limit_ = std::chrono::seconds(number("AWS_METADATA_SERVICE_TIMEOUT"));
    attempts_ = static_cast<int>(number("AWS_METADATA_SERVICE_NUM_ATTEMPTS"));
  }

  /// Gets the token without which the server says nothing; false if there is no such server.
  bool log_in() {
    auto request = local_request(base_ + "/latest/api/token", limit_);
    request.method = "PUT";
    request.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    try {
      const auto answer = send_for_credentials(search_.http, request, k_name, attempts_);
      token_ = answer.status == 200 ? std::string(trim(answer.body)) : "";
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable) {
        throw;
      }
      log_debug(error.what());
    }
    return !token_.empty();
  }

  /// The text at `path`; nothing if there is none.
  std::optional<std::string> get(const std::string& path) {
    auto request = local_request(base_ + path, limit_);
    request.headers = {{"x-aws-ec2-metadata-token", token_}};
    const auto answer = send_for_credentials(search_.http, request, k_name, attempts_);
    return answer.status == 200 ? std::optional(answer.body) : std::nullopt;
  }

private:
  static constexpr const char* k_name = "the machine's metadata server";

  const CredentialSearch& search_;
  std::string base_;
  std::chrono::seconds limit_{1};
  int attempts_ = 1;
  std::string token_;
};

}  // namespace

std::optional<AwsCredentials> find_at_container(const CredentialSearch& search) {
  const auto url = container_url(search.settings);
  if (!url) {
    return std::nullopt;
  }
  auto request = local_request(*url, std::chrono::seconds(2));
  if (auto token = container_token(search.settings); !token.empty()) {
    request.headers.push_back({"Authorization", std::move(token)});
  }
  const auto answer = send_for_credentials(search.http, request, "the container's credentials server", 3);
  if (answer.status != 200) {
    throw Error(answer.status >= 500 ? ErrorCode::unavailable : ErrorCode::credentials,
                "the container's credentials server answered " + std::to_string(answer.status));
  }
  return parse_credentials(answer.body, "container");
}

std::optional<AwsCredentials> find_at_machine(const CredentialSearch& search) {
  if (search.settings.is_set("AWS_EC2_METADATA_DISABLED")) {
    return std::nullopt;
  }
  Machine machine(search);
  if (!machine.log_in()) {
    return std::nullopt;
  }
  const std::string folder = "/latest/meta-data/iam/security-credentials/";
  const auto listing = machine.get(folder).value_or("");
  const auto role = std::string(trim(listing.substr(0, listing.find('\n'))));
  const auto json = role.empty() ? std::nullopt : machine.get(folder + percent_encode(role));
  return json ? std::optional(parse_credentials(*json, "machine, role " + quote(role))) : std::nullopt;
}

}  // namespace lumi::store
