#include "core/inference/concurrency.hpp"

#include <doctest/doctest.h>

using lumi::Timestamp;
using lumi::inference::ConcurrencyController;
using std::chrono::microseconds;

namespace {

void answer_rounds(ConcurrencyController& controller, int rounds, microseconds latency) {
  for (int round = 0; round < rounds; ++round) {
    for (auto left = controller.limit(); left > 0; --left) {
      controller.on_answer(latency);
    }
  }
}

constexpr std::int64_t k_second = 1'000'000;

}  // namespace

TEST_CASE("a fixed number is kept to, but for overload") {
  ConcurrencyController controller({32, false});
  CHECK(controller.limit() == 32);
  controller.on_overload({k_second});
  CHECK(controller.limit() == 16);
  controller.on_overload({k_second + 100});  // of the same moment
  CHECK(controller.limit() == 16);
  controller.on_overload({3 * k_second});
  CHECK(controller.limit() == 8);
  answer_rounds(controller, 5, microseconds(1000));
  CHECK(controller.limit() == 13);
  answer_rounds(controller, 100, microseconds(1000));
  CHECK(controller.limit() == 32);
}

TEST_CASE("it never goes below one") {
  ConcurrencyController controller({4, false});
  for (int second = 1; second < 100; second += 2) {
    controller.on_overload({second * k_second});
  }
  CHECK(controller.limit() == 1);
}

TEST_CASE("an automatic number grows while answers come as fast as before") {
  ConcurrencyController controller({64, true});
  CHECK(controller.limit() == 4);
  answer_rounds(controller, 1, microseconds(1000));
  CHECK(controller.limit() == 8);
  answer_rounds(controller, 10, microseconds(1000));
  CHECK(controller.limit() == 64);
}

TEST_CASE("an automatic number stays low where requests only wait for each other") {
  ConcurrencyController controller({64, true});
  for (int round = 0; round < 200; ++round) {
    // One slot: each request waits for all others.
    answer_rounds(controller, 1, microseconds(1000 * static_cast<std::int64_t>(controller.limit())));
  }
  CHECK(controller.limit() <= 16);
}
