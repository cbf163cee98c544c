#pragma once
#include "base/clock.hpp"
#include "base/file.hpp"
#include "core/inference/shared_start.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
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
/// nobody waits for a lock. Without a limit of requests, processes start together as slowly as one alone would
/// (SharedStart), and a pace is learned from what the endpoint refuses (LearnedRate). Where the file cannot be had,
/// only this process is paced.
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

  /// Whether the turn that was taken last is to be used, at `turn`: else take another one, since the endpoint is held
  /// or its pace has changed.
  bool is_good(Timestamp turn) const;

  /// Gives back, or takes in addition, what a request used less or more than it was taken for.
  void settle(std::uint64_t estimated_tokens, std::uint64_t used_tokens);

  /// Whether a request whose turn has come may start, where this process may have `limit` in flight; if so it counts as
  /// in flight until `note_end`. Else processes of this endpoint are just starting: ask again soon.
  bool try_start(std::size_t limit);
  void note_end();

  /// A request was answered.
  void note_answer();

  /// The endpoint refused a request that was sent at `sent_at` because there are too many, and asks for `wait`. All
  /// processes wait if the user set limits, or if it refuses many; one refusal among many answers is that request's own
  /// affair.
  void note_refusal(Timestamp sent_at, std::optional<std::chrono::microseconds> wait);

  /// Lets no process start a request before `time`: the endpoint said so. Turns taken for an earlier time are good no
  /// more.
  void hold_until(Timestamp time);

  /// The time set by `hold_until`; in the past if nothing is held.
  Timestamp held_until() const;

private:
  struct Page;
  struct Unmap {
    void operator()(Page* page) const;
  };

  std::int64_t take(std::atomic<std::int64_t>& next, std::int64_t cost_us, std::int64_t slack_us) const;
  std::int64_t learned_pace(std::int64_t now_us) const;
  void see_who_is_there();

  RateLimits limits_;
  const Clock& clock_;
  UniqueFd fd_;
  std::unique_ptr<Page, Unmap> page_;
  std::optional<SharedStart> start_;
  std::int64_t turns_of_ = 0;  // the change of pace after which the last turn was taken
};

}  // namespace lumi::inference
