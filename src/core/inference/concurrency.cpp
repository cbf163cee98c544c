#include "core/inference/concurrency.hpp"

#include <algorithm>
#include <cstdint>

namespace lumi::inference {

namespace {

constexpr double k_first = 4;
constexpr double k_cut = 0.5;
constexpr std::int64_t k_between_cuts_us = 1'000'000;
// How much of the gain that more requests could bring must come for them to be kept.
constexpr double k_enough_gain = 0.5;
constexpr int k_rest_rounds = 8;

}  // namespace

ConcurrencyController::ConcurrencyController(ConcurrencySettings settings)
    : settings_(settings), limit_(settings.automatic ? std::min(k_first, static_cast<double>(settings.most))
                                                     : static_cast<double>(std::max<std::size_t>(settings.most, 1))),
      kept_limit_(limit_) {}

std::size_t ConcurrencyController::limit() const { return std::max<std::size_t>(1, static_cast<std::size_t>(limit_)); }

void ConcurrencyController::on_answer(std::chrono::microseconds latency) {
  sum_ += latency;
  if (++answers_ < limit()) {
    return;
  }
  const auto mean = std::max(1.0, static_cast<double>(sum_.count()) / static_cast<double>(answers_));
  start_round();
  finish_round(static_cast<double>(limit()) / mean);
}

void ConcurrencyController::start_round() {
  answers_ = 0;
  sum_ = std::chrono::microseconds(0);
}

void ConcurrencyController::finish_round(double rate) {
  if (!settings_.automatic) {
    limit_ = std::min(limit_ + 1, static_cast<double>(settings_.most));
  } else if (is_settling_) {
    is_settling_ = false;
  } else if (is_trial_) {
    judge_trial(rate);
  } else {
    kept_rate_ = kept_rate_ == 0 ? rate : 0.7 * kept_rate_ + 0.3 * rate;
    if (--rest_rounds_ < 0) {
      try_more();
    }
  }
}

void ConcurrencyController::judge_trial(double rate) {
  is_trial_ = false;
  if (rate > kept_rate_ * (1 + (limit_ / kept_limit_ - 1) * k_enough_gain)) {
    kept_limit_ = limit_;
    kept_rate_ = rate;
    try_more();
  } else {
    limit_ = kept_limit_;
    is_settling_ = true;
    rest_rounds_ = k_rest_rounds;
  }
}

void ConcurrencyController::try_more() {
  // Until the endpoint has once said no, twice as many; then a few more at a time.
  const double more = has_met_overload_ ? limit_ + std::max(1.0, limit_ / 8) : limit_ * 2;
  const double next = std::min(more, static_cast<double>(settings_.most));
  if (next > limit_) {
    kept_limit_ = limit_;
    limit_ = next;
    is_trial_ = true;
    is_settling_ = true;
  }
}

void ConcurrencyController::on_overload(Timestamp now) {
  has_met_overload_ = true;
  if (last_cut_ && now.microseconds - last_cut_->microseconds < k_between_cuts_us) {
    return;
  }
  last_cut_ = now;
  limit_ = std::max(1.0, limit_ * k_cut);
  kept_limit_ = limit_;
  kept_rate_ = 0;
  is_trial_ = false;
  is_settling_ = true;
  rest_rounds_ = k_rest_rounds;
  start_round();
}

}  // namespace lumi::inference
