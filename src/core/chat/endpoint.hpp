#pragma once
#include "core/chat/provider.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::chat {

/// The parts of a URL that say who is asked.
struct Address {
  std::string scheme;      ///< "http" or "https"
  std::string host;        ///< lower case; IPv6 in brackets
  std::uint16_t port = 0;  ///< the scheme's where the URL has none
  bool operator==(const Address&) const = default;
};

/// A URL taken apart.
struct Url {
  Address address;
  std::string path;   ///< starts with "/", or empty
  std::string query;  ///< starts with "?", or empty
};

/// Takes an http or https URL apart. Strict, so that no other reader of the same text sees another host: nothing for
/// user names, fragments, backslashes, white space and whatever else is odd.
std::optional<Url> parse_url(std::string_view text);

/// Whether `host` is this machine: localhost, 127.0.0.0/8 or [::1].
bool is_loopback(std::string_view host);

/// Where a model is asked.
struct Endpoint {
  const Provider* provider = nullptr;
  std::string provider_name;  ///< as the user wrote it: it may be one that the table does not know
  std::string base_url;       ///< without the "/" and "/chat/completions" that users may have written after it
  std::string url;            ///< of the requests
  Address address;
  bool is_own_host = false;  ///< whether the host is the provider's, or that of its variable (OPENAI_BASE_URL)
};

/// Whether `address` is the provider's own, or that of its variable.
bool is_host_of(const Provider& provider, const Address& address);

/// The endpoint of `provider` at `base_url`, else at its variable's, else at its own. Throws `usage` for an unknown
/// provider without a URL (with a near name) and where a URL is needed, `invalid_input` for a URL that is none.
Endpoint make_endpoint(const std::string& provider, const std::optional<std::string>& base_url);

}  // namespace lumi::chat
