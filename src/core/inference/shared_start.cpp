#include "core/inference/shared_start.hpp"

#include "core/inference/page_numbers.hpp"

#include <algorithm>

namespace lumi::inference {

namespace {

constexpr std::int64_t k_first = 4;
constexpr std::int64_t k_most = 1'000'000;
// Who asked this long ago waits no more.
constexpr std::int64_t k_asks_us = 500'000;
// However short the answers take, it takes so long until e times as many are in flight.
constexpr std::int64_t k_growth_us = 100'000;
// While none comes, every so often there is one more, or a part more.
constexpr std::int64_t k_waiting_us = 200'000;
constexpr std::int64_t k_waiting_part = 16;

}  // namespace

std::int64_t SharedStart::room(std::int64_t in_flight, std::size_t limit) const {
  const auto proven = std::clamp(page_.proven.load(), k_first, k_most);
  const bool is_alone = in_flight <= own_;
  return is_alone ? std::max(proven, static_cast<std::int64_t>(std::min<std::size_t>(limit, k_most))) : proven;
}

bool SharedStart::try_start(std::int64_t now_us, std::size_t limit, Gate gate) {
  auto seen = page_.in_flight.load();
  for (;;) {
    const auto running = sane_count(seen);
    if (gate == Gate::narrow && running >= room(running, limit)) {
      let_wait(now_us);
      return false;
    }
    if (page_.in_flight.compare_exchange_weak(seen, running + 1)) {
      ++own_;
      return true;
    }
  }
}

void SharedStart::let_wait(std::int64_t now_us) {
  page_.asked_us = now_us;
  auto waited = page_.waited_us.load();
  const auto last = std::max(waited, page_.widened_us.load());
  const bool is_time = since_us(now_us, last) >= k_waiting_us || last > now_us;
  if (is_time && page_.waited_us.compare_exchange_strong(waited, now_us)) {
    const auto proven = std::clamp(page_.proven.load(), k_first, k_most);
    page_.proven = proven + 1 + proven / k_waiting_part;
  }
}

void SharedStart::note_end() {
  page_.in_flight.fetch_sub(1);
  --own_;
}

void SharedStart::note_answer(std::int64_t now_us) {
  const auto running = sane_count(page_.in_flight.load()) + 1;  // with the one that was answered
  const auto proven = sane_count(page_.proven.load());
  const auto most = std::max({k_first, proven, running});
  const auto since = since_us(now_us, page_.asked_us.load());
  if (since >= 0 && since < k_asks_us) {
    auto widened = page_.widened_us.load();
    const bool is_time = since_us(now_us, widened) >= k_growth_us / most || widened > now_us;
    if (is_time && page_.widened_us.compare_exchange_strong(widened, now_us)) {
      page_.proven = most + 1;
    }
  } else if (running > proven) {
    page_.proven = running;
  }
}

}  // namespace lumi::inference
