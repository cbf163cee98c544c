#include "core/inference/learned_rate.hpp"

#include "core/inference/page_numbers.hpp"

#include <algorithm>
#include <cmath>

namespace lumi::inference {

namespace {

constexpr std::int64_t k_second_us = 1'000'000;
constexpr double k_per_unit = 1000;    // `limit` counts requests in that many seconds
constexpr double k_lowest = 1.0 / 60;  // slower is what endpoints ask for themselves
constexpr double k_highest = 100'000;

// How a rate comes back, as CUBIC does it for TCP: the third power of the time since the cut, flat at what was too
// much.
constexpr double k_round_us = 15'000'000;
constexpr double k_round_turns = 100;  // or that many turns, if they take longer
constexpr double k_first_round = 0.5;  // what was too much is not known well at first
constexpr double k_flat_at = 0.464;    // its third power is the tenth that is cut off
constexpr double k_forgotten_at = 3;   // rounds after which the limit was not seen again
constexpr std::int64_t k_idle_us = 600 * k_second_us;
constexpr std::int64_t k_latest_cut_us = 3600 * k_second_us;

// Three refusals in a row are many, and so is one in six or seven for long, if they are not lost among the answers of
// the same second or two.
constexpr std::int64_t k_answers_to_many = 6;
constexpr std::int64_t k_much_each = 6;
constexpr std::int64_t k_much = 17;
// While refusals are known to come at random, five in a row are.
constexpr std::int64_t k_much_in_doubt = 26;
constexpr std::int64_t k_most = 60;
constexpr std::int64_t k_doubt_us = 600 * k_second_us;

// Under a limit of a rate a few cuts are enough. After so many with few answers, or little time, between them half of
// the rate is gone: then it was no limit.
constexpr std::int64_t k_early_answers = 30;
constexpr std::int64_t k_early_us = 2 * k_second_us;
constexpr std::int64_t k_early_cuts = 5;
// What was too much is still felt for a while, unless it is far too much.
constexpr std::int64_t k_settling_us = k_second_us / 2;
constexpr double k_deepest_cut = 0.25;
constexpr double k_deep_cut = 0.8;
constexpr std::int64_t k_most_doublings = 4;

void count_down(std::atomic<std::int64_t>& score) {
  if (auto seen = score.load(); seen != 0) {
    score.compare_exchange_strong(seen, seen > 0 && seen <= k_most ? seen - 1 : 0);
  }
}

void count_up(std::atomic<std::int64_t>& score, std::int64_t by) {
  score = std::min(k_most, std::clamp<std::int64_t>(score.load(), 0, k_most) + by);
}

}  // namespace

std::int64_t LearnedRate::cut_time(std::int64_t now_us) const {
  const auto cut = page_.cut_us.load();
  return cut > now_us + k_latest_cut_us ? now_us : std::max<std::int64_t>(0, cut);
}

double LearnedRate::rate(std::int64_t now_us) const {
  const auto limit = static_cast<double>(page_.limit.load()) / k_per_unit;
  if (!(limit >= k_lowest && limit <= k_highest)) {
    return 0;
  }
  const auto passed = static_cast<double>(std::max<std::int64_t>(0, now_us - cut_time(now_us))) / k_round_us;
  const auto turns = static_cast<double>(std::max<std::int64_t>(0, page_.turns.load())) / k_round_turns;
  const auto rounds = std::min(passed, turns) / (page_.cuts.load() == 0 ? k_first_round : 1);
  const auto from_flat = rounds - k_flat_at;
  return rounds >= k_forgotten_at ? 0 : limit * (1 + from_flat * from_flat * from_flat);
}

std::int64_t LearnedRate::pace_us(std::int64_t now_us, std::int64_t used_us) {
  if (page_.limit.load() == 0) {
    return 0;
  }
  const auto cut = page_.cut_us.load();
  if (since_us(now_us, std::max(used_us, cut)) > k_idle_us || cut > now_us + k_latest_cut_us) {
    page_.limit = 0;
  }
  const auto current = rate(now_us);
  return current > 0 ? static_cast<std::int64_t>(static_cast<double>(k_second_us) / current) : 0;
}

double LearnedRate::answered_rate(std::int64_t now_us) const {
  const auto passed = since_us(now_us, page_.second_us.load());
  if (passed < 0 || passed >= 2 * k_second_us) {
    return 1;
  }
  // The second that has just begun has few answers yet.
  const auto most = std::max(page_.answers.load(), passed < k_second_us ? page_.answers_before.load() : 0);
  return std::clamp(static_cast<double>(most), 1.0, k_highest);
}

// Processes may do this at the same time: a count that is a little wrong does no harm.
void LearnedRate::begin_second(std::int64_t now_us) {
  const auto passed = since_us(now_us, page_.second_us.load());
  if (passed < k_second_us && passed >= 0) {
    return;
  }
  const bool is_next = passed >= 0 && passed < 2 * k_second_us;
  page_.second_us = now_us;
  page_.answers_before = is_next ? page_.answers.load() : 0;
  page_.refusals_before = is_next ? page_.refusals.load() : 0;
  page_.answers = 0;
  page_.refusals = 0;
}

bool LearnedRate::are_many(std::int64_t much) const {
  const auto refusals = sane_count(page_.refusals.load()) + sane_count(page_.refusals_before.load());
  const auto answers = sane_count(page_.answers.load()) + sane_count(page_.answers_before.load());
  return page_.much.load() >= much && refusals >= answers / k_answers_to_many;
}

void LearnedRate::note_answer(std::int64_t now_us) {
  begin_second(now_us);
  page_.answers.fetch_add(1);
  count_down(page_.much);
  if (page_.limit.load() == 0) {
    return;
  }
  if (rate(now_us) == 0) {
    page_.limit = 0;
  } else if (now_us >= cut_time(now_us)) {
    page_.answers_since_cut.fetch_add(1);
  }
}

void LearnedRate::begin(double limit) {
  page_.turns = 0;
  page_.answers_since_cut = 0;
  page_.much = 0;
  page_.limit = static_cast<std::int64_t>(std::ceil(std::clamp(limit, k_lowest, k_highest) * k_per_unit));
}

LearnedRate::Refusal LearnedRate::note_refusal(std::int64_t now_us, std::int64_t sent_us) {
  begin_second(now_us);
  page_.refusals.fetch_add(1);
  if (rate(now_us) == 0) {
    return learn(now_us);
  }
  const auto last_cut = page_.cut_us.load();
  const auto since_cut = sent_us - cut_time(now_us);
  if (since_cut < 0) {
    return {};
  }
  count_up(page_.much, k_much_each);
  return since_cut >= k_settling_us || are_many(k_much) ? cut(now_us, last_cut) : Refusal();
}

LearnedRate::Refusal LearnedRate::learn(std::int64_t now_us) {
  count_up(page_.much, k_much_each);
  const auto doubt_until = page_.doubt_until_us.load();
  const bool is_doubted = doubt_until > now_us && doubt_until <= now_us + k_doubt_us;
  Refusal refusal;
  refusal.is_serious = are_many(is_doubted ? k_much_in_doubt : k_much);
  if (refusal.is_serious) {
    refusal.is_new_limit = true;
    page_.cuts = 0;
    page_.early_cuts = 0;
    page_.barren_cuts = 0;
    begin(answered_rate(now_us));
    refusal.pause_us = k_second_us;
  }
  return refusal;
}

LearnedRate::Refusal LearnedRate::cut(std::int64_t now_us, std::int64_t last_cut_us) {
  const auto too_much = rate(now_us);
  const auto answers = page_.answers_since_cut.load();
  Refusal refusal;
  refusal.is_serious = are_many(k_much) || answers <= 0;
  const bool is_soon = now_us - cut_time(now_us) < k_early_us;
  if (!page_.cut_us.compare_exchange_strong(last_cut_us, now_us)) {
    return refusal;  // somebody else was told the same
  }
  refusal.is_new_limit = true;
  const auto barren = std::clamp<std::int64_t>(page_.barren_cuts.load(), 0, k_most_doublings);
  refusal.pause_us = answers <= 0 ? k_second_us << barren : k_second_us;
  page_.barren_cuts = answers <= 0 ? barren + 1 : 0;
  const bool is_early = !refusal.is_serious && (answers < k_early_answers || is_soon);
  page_.early_cuts = is_early ? sane_count(page_.early_cuts.load()) + 1 : 0;
  page_.cuts = 1;
  if (page_.early_cuts.load() >= k_early_cuts) {
    page_.doubt_until_us = now_us + k_doubt_us;
    page_.limit = 0;
    page_.much = 0;
    return {};
  }
  const auto deepest = (refusal.is_serious ? k_deepest_cut : k_deep_cut) * too_much;
  // What is answered in a second says nothing of a rate below that.
  begin(too_much < 1 ? deepest : std::clamp(answered_rate(now_us), deepest, too_much));
  return refusal;
}

}  // namespace lumi::inference
