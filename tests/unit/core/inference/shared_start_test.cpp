#include "core/inference/shared_start.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <vector>

using namespace lumi;
using inference::SharedStart;
using inference::SharedStartPage;

namespace {

using Gate = SharedStart::Gate;

struct Started {
  /// How many of `wanted` requests may start for a process that may have `limit`.
  int start(int wanted, std::size_t limit, Gate gate = Gate::narrow) { return start_of(shared, wanted, limit, gate); }

  int start_of(SharedStart& process, int wanted, std::size_t limit, Gate gate = Gate::narrow) const {
    int started = 0;
    while (started < wanted && process.try_start(now, limit, gate)) {
      ++started;
    }
    return started;
  }

  void answer(int count) {
    for (int i = 0; i < count; ++i) {
      answer_of(shared);
    }
  }

  void answer_of(SharedStart& process) const {
    process.note_end();
    process.note_answer(now);
  }

  SharedStartPage page{};
  SharedStart shared{page};
  SharedStart other{page};
  std::int64_t now = 1'000'000'000;
};

}  // namespace

TEST_CASE("a process alone starts as many as it may") {
  Started started;
  CHECK(started.start(32, 32) == 32);
  CHECK(started.start_of(started.other, 32, 32) == 0);
  Started again;
  CHECK(again.start(4, 4) == 4);
  again.now += 1000;
  again.answer(4);
  CHECK(again.start(8, 8) == 8);
}

TEST_CASE("many processes start with few, and with more as answers come") {
  Started started;
  std::deque<SharedStart> processes;
  std::deque<SharedStart*> answering;
  const auto start_all = [&] {
    for (auto& process : processes) {
      answering.insert(answering.end(), static_cast<std::size_t>(started.start_of(process, 4, 4)), &process);
    }
  };
  for (int i = 0; i < 32; ++i) {
    processes.emplace_back(started.page);
  }
  start_all();
  CHECK(answering.size() <= 6);  // more than four only for those who asked in vain
  std::vector<std::size_t> running;
  for (int round = 0; round < 5; ++round) {
    const auto count = static_cast<std::int64_t>(answering.size());
    for (auto left = count; left > 0; --left) {
      started.now += 100'000 / count;
      auto* const process = answering.front();
      answering.pop_front();
      started.answer_of(*process);
      start_all();
    }
    running.push_back(answering.size());
    CHECK(answering.size() <= static_cast<std::size_t>(3 * count));
  }
  CHECK(running.back() > 100);
}

TEST_CASE("who waits gets in where answers take long") {
  Started started;
  CHECK(started.start(4, 4) == 4);
  int more = 0;
  for (int i = 0; i < 100; ++i) {
    started.now += 100'000;
    more += started.start_of(started.other, 4, 4);
  }
  CHECK(more >= 45);
}

TEST_CASE("with a pace nobody is kept, and all are counted") {
  Started started;
  CHECK(started.start(100, 4, Gate::open) == 100);
  CHECK(started.start_of(started.other, 1, 4) == 0);
  started.answer(100);
  CHECK(started.start_of(started.other, 1, 4) == 1);
}

TEST_CASE("what was proven holds until the endpoint refuses") {
  Started started;
  CHECK(started.start(64, 64) == 64);
  started.now += 1'000'000;
  started.answer(64);
  CHECK(started.start_of(started.other, 100, 4) == 64);
  started.shared.forget();
  CHECK(started.start(100, 4) == 0);
}

TEST_CASE("what a process had in flight when it ended is in flight no more") {
  Started started;
  {
    SharedStart ended(started.page);
    CHECK(started.start_of(ended, 3, 4) == 3);
  }
  CHECK(started.page.in_flight == 0);
}

TEST_CASE("what killed processes left counted keeps nobody for ever") {
  Started started;
  started.page.in_flight = 500;
  int passed = 0;
  for (int i = 0; i < 300 && passed == 0; ++i) {
    started.now += 100'000;
    passed = started.start(1, 4);
  }
  CHECK(passed == 1);
  for (const std::int64_t broken : {INT64_MIN, INT64_C(-3), INT64_MAX}) {
    started.page.in_flight = broken;
    started.page.proven = broken;
    started.page.widened_us = broken;
    started.page.asked_us = broken;
    CHECK(started.start(1, 4) == 1);
    started.answer(1);
  }
}
