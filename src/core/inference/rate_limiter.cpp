#include "core/inference/rate_limiter.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <string>

#include <fcntl.h>
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
constexpr std::int64_t k_second_us = 1'000'000;
// A learned pace is as good as forgotten after some times as many answers.
constexpr std::int64_t k_answers_to_forget = 200;
constexpr std::int64_t k_shortest_pace_us = 500;
constexpr std::int64_t k_longest_pace_us = 10 * k_second_us;
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
  std::atomic<std::int64_t> pace_us;  ///< learned, between two requests; 0: none
  std::atomic<std::int64_t> pace_changed_us;
  std::atomic<std::int64_t> second_us;  ///< when the second began whose answers are counted
  std::atomic<std::int64_t> answers;
  std::atomic<std::uint64_t> boot;  ///< times of another start of the machine mean nothing
};

void RateLimiter::Unmap::operator()(Page* page) const { ::munmap(page, sizeof(Page)); }

RateLimiter::RateLimiter(const std::filesystem::path& folder,
                         std::string_view bucket,
                         RateLimits limits,
                         const Clock& clock)
    : limits_(limits), clock_(clock) {
  static_assert(std::atomic<std::int64_t>::is_always_lock_free, "processes share these");
  UniqueFd fd;
  try {
    fd = open_page(folder / std::string(bucket), sizeof(Page));
  } catch (const Error& error) {
    log_warn("rate limits are not shared with other processes: " + std::string(error.what()));
  }
  const int flags = fd.is_open() ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  void* const memory = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, flags, fd.get(), 0);
  if (memory == MAP_FAILED) {
    throw system_error(errno, "cannot keep track of the rate of requests");
  }
  page_.reset(static_cast<Page*>(memory));
  if (const auto boot = this_boot(); page_->boot.exchange(boot) != boot) {
    page_->next_request_us = 0;
    page_->next_token_us = 0;
    page_->held_until_us = 0;
    page_->pace_us = 0;
    page_->pace_changed_us = 0;
    page_->second_us = 0;
    page_->answers = 0;
  }
}

RateLimiter::~RateLimiter() = default;

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

Timestamp RateLimiter::take_turn(std::uint64_t tokens) {
  auto start = std::max(clock_.now().microseconds, held_until().microseconds);
  if (limits_.requests_per_minute) {
    const auto cost = k_margin * static_cast<double>(k_minute_us) / static_cast<double>(*limits_.requests_per_minute);
    start = std::max(start, take(page_->next_request_us, static_cast<std::int64_t>(cost), k_request_slack_us));
  }
  if (const auto pace = page_->pace_us.load(); pace > 0 && !limits_.requests_per_minute) {
    start = std::max(start, take(page_->next_request_us, pace, k_request_slack_us));
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

// Processes may do this at the same time: a count that is a little wrong does no harm.
void RateLimiter::note_answer() {
  const auto now = clock_.now().microseconds;
  const auto passed = now - page_->second_us.load();
  if (passed >= k_second_us || passed < 0) {
    page_->second_us = now;
    page_->answers = 1;
  } else {
    page_->answers.fetch_add(1);
  }
  if (auto pace = page_->pace_us.load(); pace > 0) {
    const auto faster = pace - pace / k_answers_to_forget - 1;
    page_->pace_us.compare_exchange_strong(pace, faster < k_shortest_pace_us ? 0 : faster);
  }
}

void RateLimiter::note_refusals() {
  const auto now = clock_.now().microseconds;
  auto changed = page_->pace_changed_us.load();
  if (limits_.requests_per_minute || (changed <= now && now - changed < k_second_us && changed != 0) ||
      !page_->pace_changed_us.compare_exchange_strong(changed, now)) {
    return;
  }
  const auto pace = page_->pace_us.load();
  if (pace > 0) {
    page_->pace_us = std::min(k_longest_pace_us, pace + pace / 4);
    return;
  }
  const bool is_recent = now - page_->second_us.load() < 2 * k_second_us;
  page_->pace_us = k_second_us / std::max<std::int64_t>(1, is_recent ? page_->answers.load() : 1);
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
