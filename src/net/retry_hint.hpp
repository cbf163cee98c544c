#pragma once
#include "base/clock.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace lumi::net {

struct HttpAnswer;

/// What a server says about trying again.
struct RetryHint {
  std::optional<bool> should_retry;                ///< `x-should-retry`
  std::optional<std::chrono::milliseconds> delay;  ///< above 0, at most k_longest_wait
  bool is_too_long = false;                        ///< it asks for more than k_longest_wait
};

/// The longest wait that a server can ask for.
inline constexpr std::chrono::seconds k_longest_wait{120};

/// Reads `x-should-retry`, `retry-after-ms` and `Retry-After` (seconds, also broken ones, or an HTTP date, counted from
/// the answer's own Date, else from `now`). What makes no sense (0, negative, NaN, a time that is over) counts as
/// absent.
RetryHint read_retry_hint(const HttpAnswer& answer, Timestamp now);

/// How long nothing more may be sent, because an answer says that this one was the last request, or used the last
/// tokens, of a while (`x-ratelimit-remaining-requests: 0`, `x-ratelimit-reset-requests: 1.5s`): at most
/// k_longest_wait; nothing if more may be sent, or it takes longer than that.
std::optional<std::chrono::milliseconds> read_rate_pause(const HttpAnswer& answer);

/// The moment that an HTTP date (RFC 9110: "Sun, 06 Nov 1994 08:49:37 GMT") names, or nothing.
std::optional<Timestamp> parse_http_date(std::string_view text);

}  // namespace lumi::net
