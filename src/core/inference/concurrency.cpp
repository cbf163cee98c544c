#include "core/inference/concurrency.hpp"

#include <algorithm>
#include <cstdint>

namespace lumi::inference {

namespace {

constexpr double k_first = 4;
constexpr double k_cut = 0.5;
constexpr std::int64_t k_between_cuts_us = 1'000'000;
// Answers that take this many times as long as in the best round wait for each other at the endpoint.
constexpr double k_slow = 2.0;

}  // namespace

ConcurrencyController::ConcurrencyController(ConcurrencySettings settings)
    : settings_(settings), limit_(settings.automatic ? std::min(k_first, static_cast<double>(settings.most))
                                                     : static_cast<double>(std::max<std::size_t>(settings.most, 1))) {}

std::size_t ConcurrencyController::limit() const { return std::max<std::size_t>(1, static_cast<std::size_t>(limit_)); }

bool ConcurrencyController::is_slowing_down() const {
  return settings_.automatic && best_mean_us_ > 0 && round_mean_us_ > k_slow * best_mean_us_;
}

void ConcurrencyController::on_answer(std::chrono::microseconds latency) {
  sum_ += latency;
  if (++answers_ >= limit()) {
    finish_round();
  }
}

void ConcurrencyController::finish_round() {
  round_mean_us_ = static_cast<double>(sum_.count()) / static_cast<double>(answers_);
  answers_ = 0;
  sum_ = std::chrono::microseconds(0);
  if (best_mean_us_ == 0 || round_mean_us_ < best_mean_us_) {
    best_mean_us_ = round_mean_us_;
  } else {
    // What was fast once may not be possible any more.
    best_mean_us_ += (round_mean_us_ - best_mean_us_) * 0.02;
  }
  if (is_slowing_down()) {
    limit_ -= settings_.automatic && limit_ > k_first ? 1 : 0;
    return;
  }
  // Until the endpoint has once said no, twice as many; then one more at a time.
  limit_ = std::min(has_met_overload_ ? limit_ + 1 : limit_ * 2, static_cast<double>(settings_.most));
}

void ConcurrencyController::on_overload(Timestamp now) {
  has_met_overload_ = true;
  if (last_cut_ && now.microseconds - last_cut_->microseconds < k_between_cuts_us) {
    return;
  }
  last_cut_ = now;
  limit_ = std::max(1.0, limit_ * k_cut);
  answers_ = 0;
  sum_ = std::chrono::microseconds(0);
}

}  // namespace lumi::inference
