#include "core/inference/rate_limiter.hpp"
#include "support/manual_time.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include <sys/stat.h>

using namespace lumi;
using inference::RateLimiter;

namespace {

std::int64_t wait_of(RateLimiter& limiter, const test::ManualTime& time, std::uint64_t tokens = 0) {
  return limiter.take_turn(tokens).microseconds - time.now().microseconds;
}

}  // namespace

TEST_CASE("turns are evenly apart") {
  const test::TempDir folder;
  const test::ManualTime time;
  RateLimiter limiter(folder.path(), "a", {60, std::nullopt}, time);
  CHECK(wait_of(limiter, time) == 0);
  CHECK(wait_of(limiter, time) == 990'000);  // 1.04 s apart; the slack of 50 ms counts once
  CHECK(wait_of(limiter, time) == 2'030'000);
}

TEST_CASE("who wakes up late catches up a little, but saves nothing while idle") {
  const test::TempDir folder;
  test::ManualTime time;
  RateLimiter limiter(folder.path(), "a", {6000, std::nullopt}, time);  // one in 10 ms
  std::vector<std::int64_t> waits;
  time.advance(std::chrono::seconds(100));
  for (int i = 0; i < 10; ++i) {
    waits.push_back(wait_of(limiter, time));
  }
  CHECK(std::count(waits.begin(), waits.end(), 0) == 5);
  CHECK(waits.back() == 43'600);
}

TEST_CASE("limiters of one bucket share their turns, those of others do not") {
  const test::TempDir folder;
  const test::ManualTime time;
  RateLimiter one(folder.path(), "a", {60, std::nullopt}, time);
  RateLimiter two(folder.path(), "a", {60, std::nullopt}, time);
  RateLimiter other(folder.path(), "b", {60, std::nullopt}, time);
  CHECK(wait_of(one, time) == 0);
  CHECK(wait_of(two, time) == 990'000);
  CHECK(wait_of(one, time) == 2'030'000);
  CHECK(wait_of(other, time) == 0);
}

TEST_CASE("tokens are paced too, and corrected by what was used") {
  const test::TempDir folder;
  const test::ManualTime time;
  RateLimiter limiter(folder.path(), "a", {std::nullopt, 60'000}, time);  // a thousand a second
  CHECK(wait_of(limiter, time, 5000) == 0);                               // five seconds' worth may come at once
  CHECK(wait_of(limiter, time, 1000) == 0);
  CHECK(wait_of(limiter, time, 1000) == 1'000'000);
  limiter.settle(1000, 3000);
  CHECK(wait_of(limiter, time, 1000) == 4'000'000);
  limiter.settle(10'000, 0);
  CHECK(wait_of(limiter, time, 1000) == 0);
}

TEST_CASE("a held endpoint gets no request from anybody") {
  const test::TempDir folder;
  test::ManualTime time;
  RateLimiter one(folder.path(), "a", {60'000, std::nullopt}, time);
  RateLimiter two(folder.path(), "a", {60'000, std::nullopt}, time);
  one.hold_until({time.now().microseconds + 3'000'000});
  one.hold_until({time.now().microseconds + 1'000'000});
  CHECK(wait_of(two, time) == 3'000'000);
  CHECK(wait_of(one, time) == 3'001'040);  // not at the same time
  time.advance(std::chrono::seconds(4));
  CHECK(wait_of(two, time) == 0);
}

TEST_CASE("a folder that cannot be written leaves a limiter of this process") {
  const test::ManualTime time;
  RateLimiter limiter("/proc/no/such/folder", "a", {60, std::nullopt}, time);
  CHECK(wait_of(limiter, time) == 0);
  CHECK(wait_of(limiter, time) == 990'000);
}

TEST_CASE("the page is the user's alone") {
  const test::TempDir folder;
  const test::ManualTime time;
  const RateLimiter limiter(folder / "limits", "a", {60, std::nullopt}, time);
  struct stat info {};
  REQUIRE(::stat((folder / "limits/a").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("without a limit a pace is learned from refusals, and shared") {
  const test::TempDir folder;
  test::ManualTime time;
  RateLimiter one(folder.path(), "a", {}, time);
  RateLimiter two(folder.path(), "a", {}, time);
  for (int i = 0; i < 18; ++i) {
    one.note_answer();
    CHECK(wait_of(one, time) == 0);
  }
  const auto turn = two.take_turn(0);
  one.note_refusal(time.now(), std::nullopt);
  two.note_refusal(time.now(), std::nullopt);
  CHECK(two.is_good(turn));
  one.note_refusal(time.now(), std::nullopt);
  CHECK_FALSE(two.is_good(turn));
  CHECK(wait_of(two, time) / 1000 == 1061);  // after a second without any, 16 in the next
  CHECK(wait_of(one, time) / 1000 == 1123);
}

TEST_CASE("one refusal among many answers holds nobody, many do, and so does one if there are limits") {
  const test::TempDir folder;
  test::ManualTime time;
  const auto now = time.now().microseconds;
  RateLimiter learning(folder.path(), "a", {}, time);
  learning.note_answer();
  for (const std::int64_t held_for : {0, 0, 7}) {
    learning.note_refusal(time.now(), std::chrono::seconds(7));
    CHECK(std::max(now, learning.held_until().microseconds) == now + held_for * 1'000'000);
  }
  RateLimiter limited(folder.path(), "b", {std::nullopt, 60'000}, time);
  limited.note_refusal(time.now(), std::chrono::seconds(7));
  CHECK(limited.held_until().microseconds == now + 7'000'000);
}

TEST_CASE("a limiter alone does not count what killed processes had in flight") {
  const test::TempDir folder;
  const test::ManualTime time;
  {
    RateLimiter killed(folder.path(), "a", {}, time);
    for (int i = 0; i < 40; ++i) {
      CHECK(killed.try_start(40));
    }
    RateLimiter other(folder.path(), "a", {}, time);
    CHECK_FALSE(other.try_start(4));
  }
  RateLimiter next(folder.path(), "a", {}, time);
  CHECK(next.try_start(4));
}

TEST_CASE("a limit that was given is not learned over") {
  const test::TempDir folder;
  const test::ManualTime time;
  RateLimiter limiter(folder.path(), "a", {60, std::nullopt}, time);
  for (int i = 0; i < 5; ++i) {
    limiter.note_refusal(time.now(), std::nullopt);
  }
  CHECK(wait_of(limiter, time) == 0);
  CHECK(wait_of(limiter, time) == 990'000);
}
