#include "core/inference/rate_limiter.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "core/inference/learned_rate.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lumi::inference {

namespace {

constexpr std::int64_t k_minute_us = 60'000'000;
// A little slower than allowed: endpoints count by windows of their own, and requests take their time to get there.
constexpr double k_margin = 1.04;
// A process that wakes up late may catch up this much; more would be a burst.
constexpr std::int64_t k_request_slack_us = 50'000;
// Endpoints count tokens by the minute: a few seconds' worth may come at once.
constexpr std::int64_t k_token_slack_us = 5'000'000;
// A turn later than this was taken by mistake: a limit of one request a day, say.
constexpr std::int64_t k_latest_turn_us = 3600 * std::int64_t{1'000'000};

UniqueFd open_page(const std::filesystem::path& path, std::size_t size) {
  make_private_folder(path.parent_path());
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  // Space is made sure of now: a full disk would end the process at its first write to the page.
  const int failed = fd.is_open() ? ::posix_fallocate(fd.get(), 0, static_cast<off_t>(size)) : errno;
  if (failed != 0) {
    throw system_error(failed, "cannot write " + quote(path.string()));
  }
  return fd;
}

constexpr int k_lock_tries = 100;

// Changes with the form of the page.
constexpr std::uint64_t k_form = 2;

std::uint64_t this_boot() {
  try {
    return hash_word(trim(read_file("/proc/sys/kernel/random/boot_id")));
  } catch (const Error&) {
    return 0;
  }
}

}  // namespace

// All zeros is a page on which nothing was taken yet.
struct RateLimiter::Page {
  std::atomic<std::int64_t> next_request_us;
  std::atomic<std::int64_t> next_token_us;
  std::atomic<std::int64_t> held_until_us;
  std::atomic<std::int64_t> changes;  ///< of the pace: turns that were taken before are good no more
  LearnedRatePage rate;
  SharedStartPage start;
  std::atomic<std::uint64_t> origin;  ///< times of another start of the machine, or another form, mean nothing
};

void RateLimiter::Unmap::operator()(Page* page) const { ::munmap(page, sizeof(Page)); }

RateLimiter::RateLimiter(const std::filesystem::path& folder,
                         std::string_view bucket,
                         RateLimits limits,
                         const Clock& clock)
    : limits_(limits), clock_(clock) {
  static_assert(std::atomic<std::int64_t>::is_always_lock_free, "processes share these");
  try {
    fd_ = open_page(folder / std::string(bucket), sizeof(Page));
  } catch (const Error& error) {
    log_warn("rate limits are not shared with other processes: " + std::string(error.what()));
  }
  const int flags = fd_.is_open() ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  void* const memory = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, flags, fd_.get(), 0);
  if (memory == MAP_FAILED) {
    throw system_error(errno, "cannot keep track of the rate of requests");
  }
  page_.reset(static_cast<Page*>(memory));
  start_.emplace(page_->start);
  if (const auto origin = this_boot() ^ k_form; page_->origin.exchange(origin) != origin) {
    // All of it is atomic numbers, and `origin` the last of them.
    auto* const word = static_cast<std::atomic<std::int64_t>*>(memory);
    std::for_each(word, word + offsetof(Page, origin) / sizeof(*word), [](auto& number) { number = 0; });
  }
  see_who_is_there();
}

RateLimiter::~RateLimiter() = default;

// Whoever is there alone begins anew what killed processes cannot put right. The lock ends with the process.
void RateLimiter::see_who_is_there() {
  if (!fd_.is_open()) {
    return;
  }
  if (::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) {
    start_->begin_anew();
  }
  // Another one may be alone for the moment that it takes to say so.
  for (int tries = 0; ::flock(fd_.get(), LOCK_SH | LOCK_NB) != 0 && tries < k_lock_tries; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::int64_t RateLimiter::learned_pace(std::int64_t now_us) const {
  return limits_.requests_per_minute ? 0 : LearnedRate(page_->rate).pace_us(now_us, page_->next_request_us.load());
}

std::int64_t RateLimiter::take(std::atomic<std::int64_t>& next, std::int64_t cost_us, std::int64_t slack_us) const {
  const auto now = clock_.now().microseconds;
  auto seen = next.load();
  for (;;) {
    const auto sane = seen > now + k_latest_turn_us ? now : seen;
    const auto turn = std::max(sane, now - slack_us);
    if (next.compare_exchange_weak(seen, turn + cost_us)) {
      return std::max(turn, now);
    }
  }
}

bool RateLimiter::is_good(Timestamp turn) const {
  return turn.microseconds >= held_until().microseconds && turns_of_ == page_->changes.load();
}

Timestamp RateLimiter::take_turn(std::uint64_t tokens) {
  turns_of_ = page_->changes.load();
  auto start = std::max(clock_.now().microseconds, held_until().microseconds);
  if (limits_.requests_per_minute) {
    const auto cost = k_margin * static_cast<double>(k_minute_us) / static_cast<double>(*limits_.requests_per_minute);
    start = std::max(start, take(page_->next_request_us, static_cast<std::int64_t>(cost), k_request_slack_us));
  }
  if (const auto pace = learned_pace(start); pace > 0) {
    const auto now = start;
    start = std::max(start, take(page_->next_request_us, pace, k_request_slack_us));
    if (start > now) {
      LearnedRate(page_->rate).note_wait();
    }
  }
  if (limits_.tokens_per_minute) {
    const auto cost = static_cast<std::int64_t>(tokens) * k_minute_us / *limits_.tokens_per_minute;
    start = std::max(start, take(page_->next_token_us, cost, k_token_slack_us));
  }
  return {start};
}

void RateLimiter::settle(std::uint64_t estimated_tokens, std::uint64_t used_tokens) {
  if (limits_.tokens_per_minute) {
    const auto difference = static_cast<std::int64_t>(used_tokens) - static_cast<std::int64_t>(estimated_tokens);
    page_->next_token_us.fetch_add(difference * k_minute_us / *limits_.tokens_per_minute);
  }
}

bool RateLimiter::try_start(std::size_t limit) {
  const auto now = clock_.now().microseconds;
  const bool is_paced = limits_.requests_per_minute || learned_pace(now) > 0;
  return start_->try_start(now, limit, is_paced ? SharedStart::Gate::open : SharedStart::Gate::narrow);
}

void RateLimiter::note_end() { start_->note_end(); }

void RateLimiter::note_answer() {
  const auto now = clock_.now().microseconds;
  start_->note_answer(now);
  LearnedRate(page_->rate).note_answer(now);
}

void RateLimiter::note_refusal(Timestamp sent_at, std::optional<std::chrono::microseconds> wait) {
  const auto now = clock_.now().microseconds;
  LearnedRate::Refusal refusal;
  if (!limits_.requests_per_minute) {
    refusal = LearnedRate(page_->rate).note_refusal(now, sent_at.microseconds);
  }
  const bool is_limited = limits_.requests_per_minute || limits_.tokens_per_minute;
  // While all wait, so do those that were on their way.
  const bool is_held = held_until().microseconds > now;
  if (wait && (is_limited || refusal.is_serious || is_held)) {
    hold_until({now + wait->count()});
  } else if (refusal.is_serious) {
    hold_until({now + refusal.pause_us});
  }
  if (refusal.is_new_limit) {
    start_->forget();
    const auto start = std::max(now, held_until().microseconds);
    LearnedRate(page_->rate).start_at(start);
    page_->next_request_us = start + learned_pace(now);
    page_->changes.fetch_add(1);
  }
}

void RateLimiter::hold_until(Timestamp time) {
  // Turns start anew from there: all who waited would come at once.
  for (auto* const moment : {&page_->next_request_us, &page_->next_token_us, &page_->held_until_us}) {
    auto seen = moment->load();
    while (seen < time.microseconds && !moment->compare_exchange_weak(seen, time.microseconds)) {
    }
  }
}

Timestamp RateLimiter::held_until() const {
  const auto held = page_->held_until_us.load();
  return {held > clock_.now().microseconds + k_latest_turn_us ? 0 : held};
}

}  // namespace lumi::inference
