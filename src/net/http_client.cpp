#include "net/http_client.hpp"

#include "base/interrupt.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace lumi::net {

namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

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
    if (colon == name.size() && equal_ignoring_case(line.substr(0, colon), name)) {
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
