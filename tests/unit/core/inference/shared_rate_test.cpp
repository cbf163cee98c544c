// Processes that share an endpoint with a limit that nobody told them.
#include "core/inference/concurrency.hpp"
#include "core/inference/rate_limiter.hpp"
#include "support/manual_time.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

using namespace lumi;
using namespace lumi::inference;

namespace {

constexpr std::int64_t k_step_us = 1000;
constexpr std::int64_t k_a_second = 1'000'000;

/// Answers `limit` requests in any second.
struct LimitedEndpoint {
  bool accepts(std::int64_t now_us) {
    while (!recent.empty() && recent.front() <= now_us - k_a_second) {
      recent.pop_front();
    }
    const bool is_accepted = recent.size() < limit;
    if (is_accepted) {
      recent.push_back(now_us);
    }
    ++(is_accepted ? accepted : refused);
    return is_accepted;
  }

  double refused_share() const { return static_cast<double>(refused) / static_cast<double>(accepted + refused); }

  std::size_t limit = 10;
  std::int64_t latency_us = 50'000;
  std::optional<std::chrono::microseconds> retry_after;
  std::deque<std::int64_t> recent;
  int accepted = 0;
  int refused = 0;
};

struct SimulatedProcess {
  struct Sent {
    std::int64_t at_us;
    std::int64_t due_us;
    bool is_accepted;
  };

  SimulatedProcess(const test::TempDir& folder, const test::ManualTime& time, int samples)
      : limiter(std::make_unique<RateLimiter>(folder.path(), "endpoint", RateLimits{}, time)), to_send(samples),
        left(samples) {}

  void step(std::int64_t now_us, LimitedEndpoint& endpoint) {
    for (std::size_t i = sent.size(); i-- > 0;) {
      if (sent[i].due_us <= now_us) {
        const Sent done = sent[i];
        sent.erase(sent.begin() + static_cast<std::ptrdiff_t>(i));
        finish(done, now_us, endpoint);
      }
    }
    while (!waiting.empty() && waiting.front() <= now_us) {
      waiting.pop_front();
      ++to_send;
    }
    while (to_send > 0 && sent.size() < concurrency.limit() && may_send(now_us)) {
      turn.reset();
      --to_send;
      sent.push_back({now_us, now_us + endpoint.latency_us, endpoint.accepts(now_us)});
    }
  }

  void finish(const Sent& done, std::int64_t now_us, const LimitedEndpoint& endpoint) {
    limiter->note_end();
    if (done.is_accepted) {
      concurrency.on_answer(std::chrono::microseconds(endpoint.latency_us));
      limiter->note_answer();
      --left;
    } else {
      concurrency.on_overload({now_us});
      limiter->note_refusal({done.at_us}, endpoint.retry_after);
      waiting.push_back(now_us + k_a_second);
    }
  }

  bool may_send(std::int64_t now_us) {
    if (!turn || !limiter->is_good(*turn)) {
      turn = limiter->take_turn(0);
    }
    return turn->microseconds <= now_us && limiter->try_start(concurrency.limit());
  }

  std::unique_ptr<RateLimiter> limiter;
  ConcurrencyController concurrency{ConcurrencySettings{}};
  int to_send;
  int left;
  std::optional<Timestamp> turn;
  std::vector<Sent> sent;
  std::deque<std::int64_t> waiting;
};

struct Crowd {
  Crowd(int processes, int samples) {
    for (int i = 0; i < processes; ++i) {
      crowd.emplace_back(folder, time, samples);
    }
  }

  bool is_done() const {
    return std::all_of(crowd.begin(), crowd.end(), [](const auto& process) { return process.left == 0; });
  }

  /// Until all is answered, or for `most` seconds; how long it took.
  double run(double most = 1000) {
    const auto start = time.now().microseconds;
    const auto passed = [&] { return static_cast<double>(time.now().microseconds - start) / k_a_second; };
    while (!is_done() && passed() < most) {
      for (auto& process : crowd) {
        process.step(time.now().microseconds, endpoint);
      }
      time.advance(std::chrono::microseconds(k_step_us));
    }
    return passed();
  }

  test::TempDir folder;
  test::ManualTime time;
  LimitedEndpoint endpoint;
  std::vector<SimulatedProcess> crowd;
};

}  // namespace

TEST_CASE("32 processes find a limit of ten a second with few refusals, and keep it busy") {
  for (const std::int64_t latency_us : {2000, 50'000, 500'000}) {
    for (const auto wait : {std::optional<std::chrono::microseconds>(), {std::chrono::seconds(1)}}) {
      CAPTURE(latency_us);
      CAPTURE(wait.has_value());
      Crowd crowd(32, 20);
      crowd.endpoint.latency_us = latency_us;
      crowd.endpoint.retry_after = wait;
      const auto seconds = crowd.run();
      CHECK(crowd.is_done());
      CHECK(seconds < 64 * 1.15);
      CHECK(crowd.endpoint.refused_share() < 0.05);
    }
  }
}

TEST_CASE("nobody is left out: processes that start together end together") {
  Crowd crowd(8, 40);
  crowd.run(24);
  for (const auto& process : crowd.crowd) {
    CHECK(process.left < 25);
    CHECK(process.left > 0);
  }
}

TEST_CASE("a limit that is raised is found") {
  Crowd crowd(8, 1000);
  crowd.run(15);
  crowd.endpoint.limit = 100;
  crowd.run(45);
  const auto before = crowd.endpoint.accepted;
  crowd.run(10);
  CHECK(crowd.endpoint.accepted - before > 850);
  CHECK(crowd.endpoint.refused_share() < 0.05);
}

TEST_CASE("a limit that is lowered is found") {
  Crowd crowd(8, 10'000);
  crowd.endpoint.limit = 200;
  crowd.run(30);
  const auto refused = crowd.endpoint.refused;
  crowd.endpoint.limit = 10;
  crowd.run(100);
  CHECK(crowd.endpoint.refused - refused < 100);
  const auto before = crowd.endpoint.accepted;
  crowd.run(20);
  CHECK(crowd.endpoint.accepted - before > 170);
}

TEST_CASE("a process that is killed with requests in flight and a turn taken does not stop the others") {
  Crowd crowd(8, 40);
  crowd.run(5);
  auto killed = std::move(crowd.crowd.back());  // its limiter stays, as the page does
  crowd.crowd.pop_back();
  crowd.run(60);
  CHECK(crowd.is_done());
  CHECK(killed.left > 0);
}

TEST_CASE("what was learned is there for the processes that come next") {
  Crowd crowd(4, 100);
  crowd.run();
  const auto refused = crowd.endpoint.refused;
  for (int i = 0; i < 4; ++i) {
    crowd.crowd.emplace_back(crowd.folder, crowd.time, 25);
  }
  crowd.time.advance(std::chrono::seconds(60));
  crowd.run();
  CHECK(crowd.endpoint.refused - refused <= 3);
}
