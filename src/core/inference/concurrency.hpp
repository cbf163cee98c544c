#pragma once
#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace lumi::inference {

/// How many requests may be in flight.
struct ConcurrencySettings {
  std::size_t most = 128;
  bool automatic = true;  ///< starts low and grows while that brings more answers; else starts with `most`
};

/// Decides how many requests are in flight at one endpoint. A fixed number is lowered when the endpoint says that it is
/// too much, and comes back one by one. An automatic one is tried out: more are kept if more answers come in the same
/// time, as they do not where requests only wait for each other. Never less than 1.
class ConcurrencyController {
public:
  explicit ConcurrencyController(ConcurrencySettings settings);

  std::size_t limit() const;

  /// An answer came that took this long.
  void on_answer(std::chrono::microseconds latency);

  /// The endpoint refused a request because it is overloaded. Several refusals at a time are one.
  void on_overload(Timestamp now);

private:
  void start_round();
  void finish_round(double rate);
  void judge_trial(double rate);
  void try_more();

  ConcurrencySettings settings_;
  double limit_;
  bool has_met_overload_ = false;
  std::optional<Timestamp> last_cut_;

  // A round: as many answers as may be in flight.
  std::size_t answers_ = 0;
  std::chrono::microseconds sum_{0};

  double kept_limit_;         ///< what proved good
  double kept_rate_ = 0;      ///< answers in a microsecond with it; 0: not known
  bool is_trial_ = false;     ///< `limit_` is being tried out
  bool is_settling_ = false;  ///< answers that come now were asked for under the limit before
  int rest_rounds_ = 0;       ///< before the next trial
};

}  // namespace lumi::inference
