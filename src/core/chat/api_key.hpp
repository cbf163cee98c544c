#pragma once
#include "core/chat/endpoint.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::chat {

/// A secret of the store, and the hosts that it may go to ("H" or "H:PORT"; none: the provider's).
struct StoredSecret {
  std::string value;
  std::vector<std::string> hosts;
};

/// Finds a stored secret by its name in lower case; empty where nothing stores secrets.
using SecretLookup = std::function<std::optional<StoredSecret>(const std::string& name)>;

/// Whether keys may go over http to other machines.
enum class Plaintext { refuse, allow };

/// What a user says about the key of a model.
struct KeyRequest {
  std::string purpose = "job ''";                   ///< for messages: what needs the key
  std::optional<std::string> secret_key_name = {};  ///< any case
  std::vector<std::string> allowed_hosts = {};      ///< "H" or "H:PORT", from flags and the user's configuration
  Plaintext plaintext = Plaintext::refuse;
};

/// A key to send.
struct ApiKey {
  std::string value;   ///< empty: requests go without one
  std::string origin;  ///< "secret \"x\"", "environment OPENAI_API_KEY", "stand-in", "none"
  std::string notice;  ///< for a warning: why a key that there is is not sent; mostly empty
};

/// The key for `endpoint`: the stored secret that is named, else the variable of that name in capitals if it ends in
/// `_api_key`; without a name the provider's variable, on its own hosts. Throws `credentials` for a key that is needed
/// and absent, that may not go to this host, or that would go over http to another machine. The log shows it nowhere.
ApiKey find_api_key(const Endpoint& endpoint, const KeyRequest& request, const SecretLookup& secrets);

/// Whether `host` ("H" or "H:PORT") names `address`. Names are compared whole and without case.
bool names_host(std::string_view host, const Address& address);

}  // namespace lumi::chat
