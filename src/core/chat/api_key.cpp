#include "core/chat/api_key.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::chat {

namespace {

std::string to_upper_ascii(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  });
  return text;
}

std::string to_text(const Address& address) { return address.host + ":" + std::to_string(address.port); }

bool is_named(const std::vector<std::string>& hosts, const Address& address) {
  return std::any_of(hosts.begin(), hosts.end(), [&](const auto& host) { return names_host(host, address); });
}

[[noreturn]] void throw_not_configured(const KeyRequest& request, const std::string& name) {
  const auto variable = to_upper_ascii(name);
  throw Error(ErrorCode::credentials,
              "Cannot create " + request.purpose + ": Requested secret key '" + name + "' is not configured.",
              "keep it with 'lumi secret set " + name + "'" +
                  (name.ends_with("_api_key") ? ", or set the variable " + variable : std::string()));
}

// Throws unless `is_allowed` or the user allows the host.
void check_host(const Endpoint& endpoint, const KeyRequest& request, const std::string& origin, bool is_allowed) {
  if (!is_allowed && !is_named(request.allowed_hosts, endpoint.address)) {
    throw Error(ErrorCode::credentials,
                "the key of " + origin + " may not go to " + quote(to_text(endpoint.address)),
                "if it should: --allow-host " + to_text(endpoint.address));
  }
}

void check_scheme(const Endpoint& endpoint, const KeyRequest& request, const std::string& origin) {
  if (endpoint.address.scheme == "http" && !is_loopback(endpoint.address.host) &&
      request.plaintext == Plaintext::refuse) {
    throw Error(ErrorCode::credentials,
                "the key of " + origin + " would go to " + quote(to_text(endpoint.address)) + " without encryption",
                "use https, or allow it with --allow-plaintext");
  }
}

ApiKey checked(const std::string& value, std::string origin) {
  const auto key = trim(value);
  if (key.empty() || std::any_of(key.begin(), key.end(), [](char c) { return c <= ' ' || c > '~'; })) {
    throw Error(ErrorCode::credentials, "the key of " + origin + " is empty or has characters that no key has");
  }
  constexpr std::size_t k_shortest_secret = 4;  // what is shorter hides nothing, and is in every other word
  if (key.size() >= k_shortest_secret) {
    redact_in_log(std::string(key));
  }
  protect_memory();
  return {std::string(key), std::move(origin), ""};
}

ApiKey find_named_key(const Endpoint& endpoint, const KeyRequest& request, const SecretLookup& secrets) {
  const auto name = to_lower_ascii(*request.secret_key_name);
  const auto variable = to_upper_ascii(name);
  const auto* owner = find_provider_of_key(variable);
  const bool is_owners_host = owner != nullptr && is_host_of(*owner, endpoint.address);
  std::string origin = "secret " + quote(name);
  std::string value;
  if (const auto secret = secrets ? secrets(name) : std::nullopt) {
    const bool is_usual_host = owner != nullptr ? is_owners_host : endpoint.is_own_host;
    value = secret->value;
    check_host(
        endpoint, request, origin, secret->hosts.empty() ? is_usual_host : is_named(secret->hosts, endpoint.address));
  } else {
    const auto found = name.ends_with("_api_key") ? secret_environment(variable.c_str()) : std::nullopt;
    if (!found) {
      throw_not_configured(request, *request.secret_key_name);
    }
    origin = "environment " + variable;
    value = *found;
    check_host(endpoint, request, origin, is_owners_host);
  }
  auto key = checked(value, std::move(origin));
  check_scheme(endpoint, request, key.origin);
  return key;
}

ApiKey without_key(const Endpoint& endpoint, std::string notice) {
  const std::string stand_in(endpoint.provider->stand_in_key);
  return {stand_in, stand_in.empty() ? "none" : "stand-in", std::move(notice)};
}

ApiKey find_usual_key(const Endpoint& endpoint, const KeyRequest& request) {
  const std::string variable(endpoint.provider->key_variable);
  const auto value = variable.empty() ? std::nullopt : secret_environment(variable.c_str());
  if (!value) {
    if (endpoint.is_own_host && endpoint.provider->key_need == KeyNeed::on_own_host) {
      throw_not_configured(request, to_lower_ascii(variable));
    }
    return without_key(endpoint, "");
  }
  if (!endpoint.is_own_host && !is_named(request.allowed_hosts, endpoint.address)) {
    // Nobody asked for this key: a server of the user's own need not have it.
    return without_key(endpoint,
                       variable + " is not sent to " + quote(to_text(endpoint.address)) + ": it is no host of " +
                           std::string(endpoint.provider->title) + " (--allow-host " + to_text(endpoint.address) +
                           " allows it)");
  }
  auto key = checked(*value, "environment " + variable);
  check_scheme(endpoint, request, key.origin);
  return key;
}

}  // namespace

bool names_host(std::string_view host, const Address& address) {
  const auto name = to_lower_ascii(trim(host));
  return name == address.host || name == to_text(address);
}

ApiKey find_api_key(const Endpoint& endpoint, const KeyRequest& request, const SecretLookup& secrets) {
  return request.secret_key_name && !request.secret_key_name->empty() ? find_named_key(endpoint, request, secrets)
                                                                      : find_usual_key(endpoint, request);
}

}  // namespace lumi::chat
