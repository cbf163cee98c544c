#pragma once
#include "base/clock.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

namespace lumi::inference {

/// What an endpoint may be sent in a minute.
struct RateLimits {
  std::optional<std::int64_t> requests_per_minute;
  std::optional<std::int64_t> tokens_per_minute;
};

/// Paces the requests of all processes of a home that use one endpoint with one key: each takes its turn from a page of
/// memory that they share through a small file, so that turns go round in the order in which they are asked for and
/// nobody waits for a lock. Without a limit of requests, a pace is learned from what the endpoint refuses. Where the
/// file cannot be had, only this process is paced.
class RateLimiter {
public:
  /// `bucket` names endpoint and key (a hash, never the key itself); the page is a file in `folder`.
  /// Times are those of `clock`, which all processes must share: a SteadyClock.
  RateLimiter(const std::filesystem::path& folder, std::string_view bucket, RateLimits limits, const Clock& clock);
  ~RateLimiter();
  RateLimiter(const RateLimiter&) = delete;
  RateLimiter& operator=(const RateLimiter&) = delete;

  /// Takes the next turn for a request of about `tokens` tokens, and returns when it may start. Take one at a time:
  /// turns that are taken and not used are lost to all.
  Timestamp take_turn(std::uint64_t tokens);

  /// Gives back, or takes in addition, what a request used less or more than it was taken for.
  void settle(std::uint64_t estimated_tokens, std::uint64_t used_tokens);

  /// A request was answered: a learned pace becomes a little faster.
  void note_answer();

  /// The endpoint keeps on refusing: no more requests are started in a second than it answered in the last one, and if
  /// it was so already, fewer. Once a second at most.
  void note_refusals();

  /// Whether requests are limited by what the user said.
  bool has_limits() const { return limits_.requests_per_minute || limits_.tokens_per_minute; }

  /// Lets no process start a request before `time`: the endpoint said so. Turns taken for an earlier time must be taken
  /// again.
  void hold_until(Timestamp time);

  /// The time set by `hold_until`; in the past if nothing is held.
  Timestamp held_until() const;

private:
  struct Page;
  struct Unmap {
    void operator()(Page* page) const;
  };

  std::int64_t take(std::atomic<std::int64_t>& next, std::int64_t cost_us, std::int64_t slack_us) const;

  RateLimits limits_;
  const Clock& clock_;
  std::unique_ptr<Page, Unmap> page_;
};

}  // namespace lumi::inference
