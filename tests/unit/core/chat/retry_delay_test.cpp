#include "core/chat/failure.hpp"
#include "core/chat/retry_delay.hpp"

#include <doctest/doctest.h>

using namespace lumi::chat;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a wait is anything up to half a second, doubled with each try, at most 20 s") {
  const Verdict verdict;
  CHECK(retry_delay(verdict, 1, 0.0) == milliseconds(0));
  CHECK(retry_delay(verdict, 1, 0.5) == milliseconds(250));
  CHECK(retry_delay(verdict, 1, 0.999999) == milliseconds(500));
  CHECK(retry_delay(verdict, 2, 0.5) == milliseconds(500));
  CHECK(retry_delay(verdict, 5, 0.5) == seconds(4));
  CHECK(retry_delay(verdict, 7, 0.5) == seconds(10));
  CHECK(retry_delay(verdict, 1'000'000, 0.5) == seconds(10));
  CHECK(retry_delay(verdict, 0, 0.5) == milliseconds(250));
}

TEST_CASE("what the server asks for is waited at least, and at most a quarter longer") {
  Verdict verdict;
  verdict.server_delay = seconds(4);
  CHECK(retry_delay(verdict, 3, 0.0) == seconds(4));
  CHECK(retry_delay(verdict, 3, 0.5) == milliseconds(4500));
}
