#pragma once
#include "net/http_client.hpp"

#include <string>

namespace lumi::store {

/// Sends a request to `server`, which hands out credentials, up to `attempts` times where no whole answer or a server's
/// error came back. Returns whatever answer came; throws `unavailable` naming the server if none did.
net::HttpAnswer
send_for_credentials(net::HttpClient& http, const net::HttpRequest& request, const std::string& server, int attempts);

}  // namespace lumi::store
