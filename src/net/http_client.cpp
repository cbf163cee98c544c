#include "net/http_client.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace lumi::net {

namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
  const auto is_token_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_http(std::string_view url) {
  const auto starts_with = [&](std::string_view scheme) {
    return url.size() > scheme.size() && is_same_name(url.substr(0, scheme.size()), scheme);
  };
  return starts_with("https://") || starts_with("http://");
}

}  // namespace

bool is_same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

void check_sendable(const HttpRequest& request) {
  if (!is_http(request.url)) {
    throw Error(ErrorCode::invalid_input,
                quote(redact(request.url)) + " is not a URL of a web server",
                "it starts with https:// or http://");
  }
  if (std::ranges::any_of(request.url, [](char c) { return is_control(c) || c == ' '; })) {
    throw Error(ErrorCode::invalid_input,
                "the URL " + quote(redact(request.url)) + " has a space or a control character");
  }
  if (!is_token(request.method)) {
    throw Error(ErrorCode::invalid_input, quote(request.method) + " is not a method of HTTP");
  }
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) {
      throw Error(ErrorCode::invalid_input, quote(name) + " is not a name of a header");
    }
    // The value is not shown: it may be a key.
    if (std::ranges::any_of(value, [](char c) { return is_control(c) && c != '\t'; })) {
      throw Error(ErrorCode::invalid_input, "the value of the header " + quote(name) + " has a control character");
    }
  }
}

std::string_view to_string(TransportFault fault) {
  switch (fault) {
  case TransportFault::none:
    return "none";
  case TransportFault::cannot_resolve:
    return "cannot_resolve";
  case TransportFault::cannot_connect:
    return "cannot_connect";
  case TransportFault::blocked:
    return "blocked";
  case TransportFault::tls:
    return "tls";
  case TransportFault::timed_out:
    return "timed_out";
  case TransportFault::cut:
    return "cut";
  case TransportFault::too_large:
    return "too_large";
  case TransportFault::cancelled:
    return "cancelled";
  case TransportFault::other:
    break;
  }
  return "other";
}

std::optional<std::string_view> HttpAnswer::header(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const auto colon = line.find(':');
    if (colon == name.size() && is_same_name(line.substr(0, colon), name)) {
      return trim(line.substr(colon + 1));
    }
  }
  return std::nullopt;
}

HttpAnswer HttpClient::send(HttpRequest request) {
  std::optional<HttpAnswer> answer;
  const auto transfer = start(std::move(request), [&](HttpAnswer got) { answer = std::move(got); });
  while (!answer) {
    constexpr std::chrono::seconds k_look_around{1};
    wait(k_look_around);
    if (!answer && pending_interrupt() != 0) {
      cancel(transfer);
      wait(std::chrono::milliseconds::zero());
      throw_if_interrupted();
    }
  }
  return std::move(*answer);
}

}  // namespace lumi::net
