#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::chat {

/// Why there is no answer.
enum class FailureKind : std::uint8_t {
  none,
  connection,         ///< not reached, cut, or silent for too long
  rate_limit,         ///< 429, but for a quota
  server,             ///< 408, 409, 5xx, and answers that cannot be read
  told_to_wait,       ///< the server wants to be left alone for longer than lumi waits
  authentication,     ///< 401, 403
  quota,              ///< 402, and 429 that waiting does not cure
  refused_parameter,  ///< a parameter that the endpoint does not take
  context_length,     ///< the prompt is too long for the model
  invalid_request,    ///< every other 4xx
  too_large,          ///< an answer of a size that nobody wants
  cancelled,
};

/// The name of `kind`: "rate_limit".
std::string_view to_string(FailureKind kind);

/// Whether `kind` means that the key or the account is not good for any request.
bool is_auth_or_quota(FailureKind kind);

/// Whether `kind` means that the endpoint is out of reach for now.
bool is_unreachable(FailureKind kind);

/// What is done about a parameter that an endpoint refused.
struct Adjustment {
  std::string parameter;
  std::string sent_as;  ///< empty: left out
  bool operator==(const Adjustment&) const = default;
};

/// What follows from what came back.
struct Verdict {
  enum class Action : std::uint8_t {
    accept,  ///< there is an answer
    retry,   ///< the same again, after `retry_delay`
    adjust,  ///< at once again, with `adjustment`; counts as no retry
    fail,    ///< the sample is in error, for `reason`
  };

  Action action = Action::accept;
  FailureKind kind = FailureKind::none;
  int status = 0;                                         ///< HTTP's; 0 without one
  std::string reason;                                     ///< for people: "HTTP 429: slow down (slow_down)"
  std::optional<std::chrono::milliseconds> server_delay;  ///< what the server asks for: above 0, at most two minutes
  std::optional<Adjustment> adjustment;                   ///< for Action::adjust
};

}  // namespace lumi::chat
