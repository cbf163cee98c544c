#include "core/chat/endpoint.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::chat {

namespace {

constexpr std::uint16_t k_http_port = 80;
constexpr std::uint16_t k_https_port = 443;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_name_char(char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == '_'; }

bool is_ipv6_char(char c) {
  return is_digit(c) || c == ':' || c == '.' || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_path_char(char c) {
  return c > ' ' && c < 0x7F && std::string_view("\\#\"<>^`{|}").find(c) == std::string_view::npos;
}

// Takes the host from the front of `rest`; empty if there is none.
std::string take_host(std::string_view& rest) {
  std::size_t size = 0;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == std::string_view::npos || close == 1 ||
        !std::all_of(rest.begin() + 1, rest.begin() + static_cast<std::ptrdiff_t>(close), is_ipv6_char)) {
      return {};
    }
    size = close + 1;
  } else {
    size = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_name_char) - rest.begin());
  }
  auto host = to_lower_ascii(rest.substr(0, size));
  rest.remove_prefix(size);
  return host;
}

// Takes ":PORT" from the front of `rest`; false if it is no port.
bool take_port(std::string_view& rest, std::uint16_t& port) {
  if (!rest.starts_with(':')) {
    return true;
  }
  rest.remove_prefix(1);
  const auto size = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_digit) - rest.begin());
  const auto number = parse_integer(rest.substr(0, size));
  rest.remove_prefix(size);
  if (!number || *number < 1 || *number > UINT16_MAX) {
    return false;
  }
  port = static_cast<std::uint16_t>(*number);
  return true;
}

std::string_view path_of_requests(Protocol protocol) {
  return protocol == Protocol::anthropic ? "/messages" : "/chat/completions";
}

void remove_end(std::string& text, std::string_view end) {
  if (text.ends_with(end)) {
    text.erase(text.size() - end.size());
  }
}

void set_url(Endpoint& endpoint, const Url& url) {
  const auto requests = path_of_requests(endpoint.provider->protocol);
  auto path = url.path;
  while (path.ends_with('/')) {
    path.pop_back();
  }
  remove_end(path, requests);
  if (path.empty() && endpoint.provider->protocol == Protocol::anthropic) {
    path = "/v1";
  }
  const auto& address = url.address;
  const auto usual_port = address.scheme == "https" ? k_https_port : k_http_port;
  auto server = address.scheme + "://" + address.host;
  if (address.port != usual_port) {
    server += ':';
    server += std::to_string(address.port);
  }
  endpoint.address = address;
  endpoint.base_url = server + path + url.query;
  endpoint.url = server + path + std::string(requests) + url.query;
}

bool is_host_of_url(std::string_view text, const Address& address) {
  const auto url = parse_url(text);
  return url && url->address.host == address.host && url->address.port == address.port;
}

// A worker has no address; what it works with is added to the URL, which tells answers of one from those of another.
void set_worker(Endpoint& endpoint, const std::optional<std::string>& base_url) {
  if (base_url && !base_url->empty()) {
    throw Error(ErrorCode::usage,
                "provider " + quote(endpoint.provider_name) + " runs models on this machine and takes no base URL",
                "for a server of your own give --provider hosted_vllm");
  }
  endpoint.url = "worker:" + endpoint.provider_name;
  endpoint.address = {"worker", "localhost", 0};
  endpoint.is_own_host = true;
}

[[noreturn]] void refuse_provider(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& provider : all_providers()) {
    names.emplace_back(provider.name);
  }
  const auto near = did_you_mean(name, names);
  throw Error(ErrorCode::usage,
              "unknown provider " + quote(name),
              near.empty() ? "give --base-url, or one of: " + join(names, ", ") : near);
}

// A URL with a password in it is refused; the message must not show it.
std::string without_user(const std::string& url) {
  const auto at = url.rfind('@');
  if (at == std::string::npos) {
    return url;
  }
  const auto start = url.find("://");
  return (start < at ? url.substr(0, start + 3) : "") + "..." + url.substr(at);
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  url.address.scheme = to_lower_ascii(text.substr(0, colon));
  if (url.address.scheme != "http" && url.address.scheme != "https") {
    return std::nullopt;
  }
  url.address.port = url.address.scheme == "https" ? k_https_port : k_http_port;
  auto rest = text.substr(colon + 3);
  url.address.host = take_host(rest);
  if (url.address.host.empty() || url.address.host.starts_with('.') || !take_port(rest, url.address.port)) {
    return std::nullopt;
  }
  if (!std::all_of(rest.begin(), rest.end(), is_path_char) ||
      (!rest.empty() && rest.front() != '/' && rest.front() != '?')) {
    return std::nullopt;
  }
  const auto query = std::min(rest.find('?'), rest.size());
  url.path = rest.substr(0, query);
  url.query = rest.substr(query);
  return url;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") {
    return true;
  }
  const auto parts = split(host, '.');
  return parts.size() == 4 && parts.front() == "127" && std::all_of(parts.begin(), parts.end(), [](auto part) {
           const auto number = parse_integer(part);
           return number && *number >= 0 && *number <= UINT8_MAX;
         });
}

bool is_host_of(const Provider& provider, const Address& address) {
  if (is_host_of_url(provider.base_url, address)) {
    return true;
  }
  const auto other =
      provider.base_url_variable.empty() ? std::nullopt : environment(std::string(provider.base_url_variable).c_str());
  return other && is_host_of_url(*other, address);
}

Endpoint make_endpoint(const std::string& provider, const std::optional<std::string>& base_url) {
  Endpoint endpoint;
  endpoint.provider_name = provider;
  endpoint.provider = find_provider(provider);
  if (endpoint.provider == nullptr) {
    if (!base_url || base_url->empty()) {
      refuse_provider(provider);
    }
    endpoint.provider = &any_provider();
  }
  if (endpoint.provider->protocol == Protocol::worker) {
    set_worker(endpoint, base_url);
    return endpoint;
  }
  auto text = base_url.value_or("");
  std::string origin = "base URL";
  if (text.empty() && !endpoint.provider->base_url_variable.empty()) {
    origin = endpoint.provider->base_url_variable;
    text = environment(origin.c_str()).value_or("");
  }
  if (text.empty()) {
    text = endpoint.provider->base_url;
  }
  if (text.empty()) {
    throw Error(ErrorCode::usage, "provider " + quote(provider) + " needs a base URL", "give --base-url");
  }
  const auto url = parse_url(trim(text));
  if (!url) {
    throw Error(ErrorCode::invalid_input,
                origin + " " + quote(without_user(text)) + " is no URL of a server",
                "it looks like http://127.0.0.1:8080/v1; user names and fragments do not belong there");
  }
  set_url(endpoint, *url);
  endpoint.is_own_host = is_host_of(*endpoint.provider, endpoint.address);
  return endpoint;
}

}  // namespace lumi::chat
