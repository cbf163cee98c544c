#pragma once
#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace lumi::inference {

/// How many requests may be in flight.
struct ConcurrencySettings {
  std::size_t most = 64;
  bool automatic = true;  ///< starts low and grows while answers come no slower; else starts with `most`
};

/// Decides how many requests are in flight at one endpoint: one more for every round of answers, fewer when the
/// endpoint says that it is too much. Never less than 1.
class ConcurrencyController {
public:
  explicit ConcurrencyController(ConcurrencySettings settings);

  std::size_t limit() const;

  /// An answer came that took this long.
  void on_answer(std::chrono::microseconds latency);

  /// The endpoint refused a request because it is overloaded. Several refusals at a time are one.
  void on_overload(Timestamp now);

private:
  bool is_slowing_down() const;
  void finish_round();

  ConcurrencySettings settings_;
  double limit_;
  bool has_met_overload_ = false;
  std::optional<Timestamp> last_cut_;
  // A round: as many answers as may be in flight.
  std::size_t answers_ = 0;
  std::chrono::microseconds sum_{0};
  double round_mean_us_ = 0;
  double best_mean_us_ = 0;  ///< of the fastest round, 0: none yet
};

}  // namespace lumi::inference
