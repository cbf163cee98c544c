#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::inference {

/// A sample on its way to an answer.
struct WaitingSample {
  std::uint64_t sample = 0;
  std::uint64_t row = 0;
  std::string prompt;
  std::string cache_key;  ///< empty: not cached
  std::int64_t prompt_tokens = 0;
  std::int64_t reserved_tokens = 0;    ///< of the rate limit
  std::int64_t tries = 0;              ///< requests sent so far, but for those after which a parameter was left out
  std::int64_t adjusted_requests = 0;  ///< those
  int adjustments = 0;
};

/// Samples that wait for their next try, the one that is due first at the front.
class WaitingRoom {
public:
  void add(WaitingSample sample, std::int64_t due_us);

  /// The sample that is due at `now_us`, if there is one.
  std::optional<WaitingSample> take_due(std::int64_t now_us);

  /// When the first one is due; nothing if nobody waits.
  std::optional<std::int64_t> next_due() const;

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }

private:
  struct Entry {
    std::int64_t due_us;
    WaitingSample sample;
  };
  std::vector<Entry> heap_;
};

}  // namespace lumi::inference
