#include "store/files/s3/s3_location.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/files/object_key.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace lumi::store {

namespace {

constexpr std::string_view k_scheme = "s3://";
constexpr std::string_view k_default_region = "us-east-1";

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_bucket_name(std::string_view name) {
  // Wider than AWS's rule for new buckets: old ones and other servers have capitals and underscores.
  return !name.empty() && name.size() <= 255 && is_letter_or_digit(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_'; });
}

/// Whether a bucket's name may be a label in the name of a host.
bool is_host_label(std::string_view bucket) {
  return bucket.size() >= 3 && bucket.size() <= 63 && is_letter_or_digit(bucket.back()) &&
         std::ranges::all_of(bucket,
                             [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_ip_address(std::string_view host) {
  return host.starts_with('[') ||
         std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == ':'; });
}

std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos ? host
                                                                                            : host.substr(0, colon);
}

bool is_aws(std::string_view host) {
  const auto name = without_port(host);
  return name.ends_with(".amazonaws.com") || name.ends_with(".amazonaws.com.cn");
}

std::string aws_host(const std::string& region) {
  return "s3." + region + (region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
}

/// The region in the name of AWS's host "s3.REGION.amazonaws.com", or nothing.
std::optional<std::string> region_of_host(std::string_view host) {
  if (!is_aws(host) || !host.starts_with("s3.")) {
    return std::nullopt;
  }
  const auto rest = host.substr(std::string_view("s3.").size());
  const auto region = rest.substr(0, rest.find('.'));
  return region == "amazonaws" ? std::nullopt : std::optional(std::string(region));
}

S3Endpoint parse_endpoint(const std::string& url, std::string origin) {
  S3Endpoint endpoint;
  endpoint.origin = std::move(origin);
  const auto scheme_end = url.find("://");
  endpoint.scheme = to_lower_ascii(std::string_view(url).substr(0, std::min(scheme_end, url.size())));
  if (scheme_end == std::string::npos || (endpoint.scheme != "http" && endpoint.scheme != "https")) {
    throw Error(ErrorCode::invalid_input,
                "the endpoint " + quote(url) + " of " + endpoint.origin + " is not a URL of a web server",
                "it starts with https:// or http://");
  }
  const std::string_view rest = std::string_view(url).substr(scheme_end + 3);
  endpoint.host = to_lower_ascii(rest.substr(0, rest.find('/')));
  endpoint.path = rest.substr(std::min(rest.find('/'), rest.size()));
  while (endpoint.path.ends_with('/')) {
    endpoint.path.pop_back();
  }
  const bool is_clean = rest.find_first_of("?#@ ") == std::string_view::npos;
  if (endpoint.host.empty() || without_port(endpoint.host).empty() || !is_clean) {
    throw Error(ErrorCode::invalid_input,
                "the endpoint of " + endpoint.origin + " must be just a scheme, a host and a port",
                "as in https://s3.example.org:9000");
  }
  const std::string_view usual_port = endpoint.scheme == "https" ? ":443" : ":80";
  if (endpoint.host.ends_with(usual_port)) {
    endpoint.host.erase(endpoint.host.size() - usual_port.size());
  }
  return endpoint;
}

std::string origin_of(const AwsProfile& profile) { return "profile " + quote(profile.name); }

/// The endpoint that somebody chose, or nothing.
std::optional<S3Endpoint> find_endpoint(const AwsSettings& settings) {
  if (settings.is_set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) {
    return std::nullopt;
  }
  for (const char* name : {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "S3_ENDPOINT_URL"}) {
    if (const auto url = settings.variable(name)) {
      return parse_endpoint(*url, "environment " + std::string(name));
    }
  }
  const auto url = settings.endpoint_url("s3");
  return url ? std::optional(parse_endpoint(*url, origin_of(settings.profile()))) : std::nullopt;
}

void find_region(S3Location& location, const AwsSettings& settings) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (const auto region = settings.variable(name)) {
      location.region = *region;
      location.region_origin = "environment " + std::string(name);
      return;
    }
  }
  const auto profile = settings.profile();
  if (const auto region = profile.find("region")) {
    location.region = *region;
    location.region_origin = origin_of(profile);
  } else if (const auto in_host = region_of_host(location.endpoint.host)) {
    location.region = *in_host;
    location.region_origin = location.endpoint.origin;
  } else {
    location.region = k_default_region;
    location.region_origin = "default";
  }
}

Addressing find_addressing(const S3Location& location, const AwsSettings& settings) {
  auto style = settings.variable("AWS_S3_ADDRESSING_STYLE");
  style = style ? style : settings.profile().find("s3.addressing_style");
  if (style == "path") {
    return Addressing::path;
  }
  if (style == "virtual") {
    return Addressing::virtual_host;
  }
  if (style && style != "auto") {
    throw Error(ErrorCode::invalid_input,
                "the S3 addressing style " + quote(*style) + " is unknown",
                "it is path, virtual or auto");
  }
  // A certificate for *.s3.amazonaws.com does not cover a bucket with dots.
  const bool fits = is_host_label(location.bucket) && !is_ip_address(location.endpoint.host);
  return fits && is_aws(location.endpoint.host) ? Addressing::virtual_host : Addressing::path;
}

}  // namespace

std::string_view to_string(Addressing addressing) { return addressing == Addressing::path ? "path" : "virtual host"; }

std::string S3Location::url() const { return std::string(k_scheme) + bucket + (prefix.empty() ? "" : "/" + prefix); }

std::string S3Location::full_key(std::string_view key) const {
  return prefix.empty() ? std::string(key) : prefix + "/" + std::string(key);
}

std::string S3Location::bucket_url() const {
  if (addressing == Addressing::virtual_host) {
    return endpoint.scheme + "://" + bucket + "." + endpoint.host + endpoint.path + "/";
  }
  return endpoint.url() + "/" + bucket + "/";
}

std::string S3Location::object_url(std::string_view key) const {
  return bucket_url() + percent_encode(full_key(key), "/");
}

void S3Location::move_to_region(const std::string& new_region) {
  if (is_aws(endpoint.host) && endpoint.host == aws_host(region)) {
    endpoint.host = aws_host(new_region);
  }
  region = new_region;
  region_origin = "server";
}

S3Location parse_s3_location(std::string_view url, const AwsSettings& settings) {
  S3Location location;
  const auto rest = url.starts_with(k_scheme) ? url.substr(k_scheme.size()) : std::string_view();
  location.bucket = rest.substr(0, rest.find('/'));
  if (location.bucket.empty() && url.starts_with(k_scheme)) {
    location.bucket = settings.variable("S3_BUCKET").value_or("");
  }
  auto prefix = rest.substr(std::min(rest.find('/'), rest.size()));
  while (prefix.starts_with('/')) {
    prefix.remove_prefix(1);
  }
  while (prefix.ends_with('/')) {
    prefix.remove_suffix(1);
  }
  location.prefix = prefix;
  if (!is_bucket_name(location.bucket)) {
    throw Error(ErrorCode::usage, quote(url) + " names no bucket", "use s3://BUCKET or s3://BUCKET/PREFIX");
  }
  if (!location.prefix.empty()) {
    check_object_key(location.prefix);
  }
  const auto endpoint = find_endpoint(settings);
  location.endpoint = endpoint.value_or(S3Endpoint{});
  find_region(location, settings);
  if (location.region == "aws-global") {
    location.region = k_default_region;
  }
  if (!endpoint) {
    location.endpoint = {"https", aws_host(location.region), "", "AWS"};
  }
  location.addressing = find_addressing(location, settings);
  return location;
}

}  // namespace lumi::store
