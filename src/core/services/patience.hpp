#pragma once
#include <algorithm>
#include <chrono>
#include <optional>

namespace lumi::services {

/// How long something is waited for.
struct Patience {
  std::optional<std::chrono::milliseconds> at_most;  ///< nothing: for ever
};

/// Whether one that ended is enough.
enum class WaitFor { all, any };

/// How long something that was told to stop is waited for.
inline constexpr std::chrono::milliseconds k_time_to_stop(30'000);

/// After this time whoever waits looks again, whatever happened.
inline constexpr std::chrono::milliseconds k_longest_turn(60'000);

/// The time that is left of a patience.
class Deadline {
public:
  explicit Deadline(Patience patience) : patience_(patience), started_(std::chrono::steady_clock::now()) {}

  /// What is left, but a minute at most: then whoever waits looks again.
  std::chrono::milliseconds left() const {
    using std::chrono::milliseconds;
    if (!patience_.at_most) {
      return k_longest_turn;
    }
    const auto passed = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started_);
    return std::clamp(*patience_.at_most - passed, milliseconds(0), k_longest_turn);
  }

private:
  Patience patience_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace lumi::services
