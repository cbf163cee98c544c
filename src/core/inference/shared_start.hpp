#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lumi::inference {

/// How many requests all processes together have in flight, in memory that they share; all zeros is none, and any other
/// content is one that can be gone on with.
struct SharedStartPage {
  std::atomic<std::int64_t> in_flight;
  std::atomic<std::int64_t> proven;      ///< so many were in flight when answers came
  std::atomic<std::int64_t> asked_us;    ///< when one had to wait
  std::atomic<std::int64_t> widened_us;  ///< when `proven` grew by an answer,
  std::atomic<std::int64_t> waited_us;   ///< and with time
};

/// Lets processes that come to an endpoint at the same time start together as slowly as one alone would: the requests
/// in flight begin with few and become one more with every answer for as long as somebody waits, and with time where
/// answers take long. A process that is alone is never kept from what it may have in flight.
class SharedStart {
public:
  explicit SharedStart(SharedStartPage& page) : page_(page) {}

  /// What was counted and did not end, as when a job ends by an error, is in flight no more.
  ~SharedStart() { page_.in_flight.fetch_sub(own_); }
  SharedStart(const SharedStart&) = delete;
  SharedStart& operator=(const SharedStart&) = delete;

  /// Counts a request that starts now, unless it has to wait: then ask again soon. `limit` is how many this process may
  /// have in flight. Ask for `Gate::open` to have it counted only.
  enum class Gate { open, narrow };
  bool try_start(std::int64_t now_us, std::size_t limit, Gate gate);

  /// A request that was counted has ended.
  void note_end();

  /// It was answered.
  void note_answer(std::int64_t now_us);

  /// The endpoint refused: what was proven no longer holds.
  void forget() { page_.proven = 0; }

  /// Nobody else is there: what is counted belongs to processes that were killed.
  void begin_anew() { page_.in_flight = 0; }

private:
  std::int64_t room(std::int64_t in_flight, std::size_t limit) const;
  void let_wait(std::int64_t now_us);

  SharedStartPage& page_;
  std::int64_t own_ = 0;  // of those in flight
};

}  // namespace lumi::inference
