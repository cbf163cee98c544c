#include "core/inference/learned_rate.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <random>

using namespace lumi;
using inference::LearnedRate;
using inference::LearnedRatePage;

namespace {

constexpr std::int64_t k_one_second = 1'000'000;

/// An endpoint that is asked as fast as it may be, one request after the other.
struct Asked {
  std::int64_t pace() { return rate.pace_us(now, now); }

  void answer(int count, std::int64_t apart_us) {
    for (int i = 0; i < count; ++i) {
      now += apart_us;
      rate.note_wait();
      rate.note_answer(now);
    }
  }

  LearnedRate::Refusal refuse() {
    const auto refusal = rate.note_refusal(now, now);
    if (refusal.is_new_limit) {
      rate.start_at(now);
    }
    return refusal;
  }

  /// Ten a second, of which the next three are too many.
  void learn_ten() {
    answer(20, k_one_second / 10);
    refuse();
    refuse();
    refuse();
  }

  /// And that is sure: when it was tried, more was too much.
  void make_sure_of_ten() {
    learn_ten();
    answer(50, k_one_second / 10);
    refuse();
  }

  LearnedRatePage page{};
  LearnedRate rate{page};
  std::int64_t now = 1000 * k_one_second;
};

}  // namespace

TEST_CASE("without refusals there is no pace") {
  Asked asked;
  asked.answer(5000, 1000);
  CHECK(asked.pace() == 0);
}

TEST_CASE("a refusal now and then is no limit") {
  Asked asked;
  for (int i = 0; i < 50; ++i) {
    asked.answer(60, 10'000);
    const auto refusal = asked.refuse();
    CHECK_FALSE(refusal.is_serious);
    CHECK_FALSE(refusal.is_new_limit);
  }
  CHECK(asked.pace() == 0);
}

TEST_CASE("after three refusals in a row requests go a tenth slower than was too much") {
  Asked asked;
  asked.answer(20, k_one_second / 10);
  CHECK_FALSE(asked.refuse().is_new_limit);
  CHECK_FALSE(asked.refuse().is_new_limit);
  const auto third = asked.refuse();
  CHECK(third.is_new_limit);
  CHECK(third.is_serious);
  CHECK(third.pause_us == k_one_second);
  CHECK(asked.pace() == doctest::Approx(k_one_second / 9.0).epsilon(0.01));
}

TEST_CASE("a pace comes back to the limit, stays there, and then tries more") {
  Asked asked;
  asked.make_sure_of_ten();
  const auto rate_after = [&](int seconds) {
    const auto start = asked.now;
    asked.answer(seconds * 10, k_one_second / 10);
    const auto rate = static_cast<double>(k_one_second) / static_cast<double>(asked.pace());
    CHECK(asked.now == start + seconds * k_one_second);
    return rate;
  };
  CHECK(rate_after(4) == doctest::Approx(9.9).epsilon(0.01));
  CHECK(rate_after(3) == doctest::Approx(10).epsilon(0.01));
  CHECK(rate_after(3) == doctest::Approx(10.1).epsilon(0.01));
  CHECK(rate_after(10) == doctest::Approx(16.5).epsilon(0.02));
  CHECK(rate_after(10) == doctest::Approx(46).epsilon(0.05));
  asked.answer(200, k_one_second / 10);
  CHECK(asked.pace() == 0);  // whatever the limit was, it is no more
}

TEST_CASE("a limit that was just learned is tried sooner") {
  Asked asked;
  asked.learn_ten();
  asked.answer(80, k_one_second / 10);
  CHECK(asked.pace() < k_one_second / 11);
}

TEST_CASE("a pace that nobody waits for does not grow") {
  Asked asked;
  asked.learn_ten();
  for (int i = 0; i < 100; ++i) {
    asked.now += k_one_second;
    asked.rate.note_answer(asked.now);
  }
  CHECK(asked.pace() == doctest::Approx(k_one_second / 9.0).epsilon(0.01));
}

TEST_CASE("one more refusal at the pace cuts it once to what is answered, and does not hold all") {
  Asked asked;
  asked.make_sure_of_ten();
  asked.answer(130, k_one_second / 10);
  CHECK(asked.pace() < k_one_second / 10);
  const auto sent = asked.now - 10'000;
  const auto refusal = asked.refuse();
  CHECK(refusal.is_new_limit);
  CHECK_FALSE(refusal.is_serious);
  CHECK(asked.pace() == doctest::Approx(k_one_second / 9.0).epsilon(0.01));
  CHECK_FALSE(asked.rate.note_refusal(asked.now + 1000, sent).is_new_limit);  // it was on its way
}

TEST_CASE(
    "refused in spite of the pace, and nothing answered: each pause is twice the one before, and the rate falls") {
  Asked asked;
  asked.learn_ten();
  auto pace = asked.pace();
  for (const int seconds : {1, 2, 4, 8, 16, 16}) {
    asked.now += 20 * k_one_second;
    const auto refusal = asked.refuse();
    CHECK(refusal.is_serious);
    CHECK(refusal.pause_us == seconds * k_one_second);
    // One request a minute is the slowest.
    CHECK((asked.pace() > pace || pace > 60 * k_one_second));
    pace = asked.pace();
  }
}

TEST_CASE("refusals that come at random do not slow down for long") {
  Asked asked;
  std::mt19937 random(7);
  const auto ask = [&](int requests) {
    const auto start = asked.now;
    for (int i = 0; i < requests; ++i) {
      const auto pace = std::max<std::int64_t>(asked.pace(), 10'000);
      if (random() % 20 == 0) {
        asked.now += pace;
        const auto refusal = asked.refuse();
        asked.now += refusal.is_serious ? refusal.pause_us : 0;
      } else {
        asked.answer(1, pace);
      }
    }
    return static_cast<double>(asked.now - start) / k_one_second;
  };
  ask(1000);
  CHECK(ask(10'000) < 115);  // 100 s without any waiting
}

TEST_CASE("a rate below one a second that is refused becomes a quarter") {
  Asked asked;
  asked.learn_ten();
  for (int i = 0; i < 3; ++i) {
    asked.now += 20 * k_one_second;
    asked.refuse();
  }
  const auto pace = asked.pace();
  REQUIRE(pace > k_one_second);
  asked.now += 20 * k_one_second;
  CHECK(asked.refuse().is_serious);
  CHECK(asked.pace() > 3 * pace);
  CHECK(asked.pace() < 5 * pace);
}

TEST_CASE("a limit is forgotten after ten minutes without a request") {
  Asked asked;
  asked.learn_ten();
  CHECK(asked.rate.pace_us(asked.now + 599 * k_one_second, asked.now) > 0);
  CHECK(asked.rate.pace_us(asked.now + 900 * k_one_second, asked.now + 400 * k_one_second) > 0);
  CHECK(asked.rate.pace_us(asked.now + 601 * k_one_second, asked.now) == 0);
}

TEST_CASE("whatever is in the memory, paces are possible ones and end") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    Asked asked;
    std::int64_t words[sizeof(LearnedRatePage) / sizeof(std::int64_t)];
    for (auto& word : words) {
      word = static_cast<std::int64_t>(random() >> (random() % 64)) * (random() % 4 == 0 ? -1 : 1);
    }
    std::memcpy(static_cast<void*>(&asked.page), words, sizeof(words));
    for (int step = 0; step < 20; ++step) {
      const auto pace = asked.pace();
      CHECK(pace >= 0);
      CHECK(pace <= 70 * k_one_second);
      asked.answer(1, k_one_second);
      asked.refuse();
    }
    asked.now += 3 * 3600 * k_one_second;
    CHECK(asked.rate.pace_us(asked.now, 0) == 0);
  }
}
