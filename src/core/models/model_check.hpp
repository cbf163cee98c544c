#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "core/chat/api_key.hpp"
#include "core/chat/chat_request.hpp"
#include "core/models/model.hpp"
#include "net/http_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::models {

/// What one small request to a model told.
struct ModelCheck {
  std::string model;
  std::string provider;
  std::string base_url;
  std::string key;  ///< where it comes from: `secret "x"`, `environment OPENAI_API_KEY`, "none"
  bool ok = false;
  std::optional<std::int64_t> status;           ///< HTTP's
  std::optional<double> latency_ms;             ///< of the answer
  std::optional<std::string> answering_model;   ///< as the server calls it
  std::vector<std::string> refused_parameters;  ///< left out, or "name=other" where another name was taken
  std::optional<std::string> error;             ///< why there is no answer
  std::optional<ErrorCode> verdict;             ///< what the process reports of that
};

/// Asks `choice` for one token, as a job would. Throws as find_api_key and make_endpoint do; whatever the server or the
/// network says is in the answer.
ModelCheck check_model(net::HttpClient& client,
                       const ModelChoice& choice,
                       const chat::KeyRequest& key,
                       const chat::SecretLookup& secrets,
                       const Clock& clock);

}  // namespace lumi::models
