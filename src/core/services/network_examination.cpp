#include "core/services/network_examination.hpp"

#include "base/environment.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <array>
#include <optional>
#include <string>

namespace lumi::services {

namespace {

struct Found {
  std::string name;
  std::string value;
};

template <std::size_t Count>
std::optional<Found> first_set(const std::array<const char*, Count>& names) {
  for (const auto* name : names) {
    if (auto value = environment(name)) {
      return Found{name, *std::move(value)};
    }
  }
  return std::nullopt;
}

std::string text_of(const std::string& scheme, const Found& proxy) {
  return scheme + " goes through " + quote(redact(proxy.value)) + " (" + proxy.name + ")";
}

}  // namespace

std::vector<Finding> examine_network() {
  // The names and their order are libcurl's, which reads HTTP_PROXY in lower case only.
  const auto https = first_set(std::array{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  const auto http = first_set(std::array{"http_proxy", "all_proxy", "ALL_PROXY"});
  const auto none = first_set(std::array{"no_proxy", "NO_PROXY"});
  std::vector<std::string> parts;
  if (https) {
    parts.push_back(text_of("https", *https));
  }
  if (http) {
    parts.push_back(text_of("http", *http));
  }
  if (parts.empty()) {
    return {{"network", FindingStatus::ok, "no proxy"}};
  }
  if (none) {
    parts.push_back("but not to " + quote(none->value) + " (" + none->name + ")");
  }
  return {{"network", FindingStatus::ok, join(parts, ", ")}};
}

}  // namespace lumi::services
