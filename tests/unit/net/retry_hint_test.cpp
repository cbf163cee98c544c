#include "net/http_client.hpp"
#include "net/retry_hint.hpp"
#include "support/fake_http_client.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lumi;
using namespace lumi::net;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr Timestamp k_now{1'748'768'160'000'000};  // 2025-06-01T08:56:00Z

RetryHint hint(const std::string& head) { return read_retry_hint(test::http_answer(429, "", head), k_now); }

}  // namespace

TEST_CASE("an answer may say that it was the last one for a while") {
  const auto pause = [](const std::string& head) { return read_rate_pause(test::http_answer(200, "", head)); };
  CHECK_FALSE(pause("Content-Type: application/json\r\n"));
  CHECK_FALSE(pause("x-ratelimit-remaining-requests: 3\r\nx-ratelimit-reset-requests: 1s\r\n"));
  CHECK(pause("x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 1.5s\r\n") ==
        std::chrono::milliseconds(1500));
  CHECK(pause("X-RateLimit-Remaining-Tokens: 0\r\nX-RateLimit-Reset-Tokens: 1m2s\r\n") ==
        std::chrono::milliseconds(62'000));
  CHECK(pause("x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 20ms\r\n"
              "x-ratelimit-remaining-tokens: 0\r\nx-ratelimit-reset-tokens: 3s\r\n") ==
        std::chrono::milliseconds(3000));
  for (const auto* reset : {"6h", "-1s", "soon", "", "0s"}) {
    CHECK_FALSE(
        pause("x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: " + std::string(reset) + "\r\n"));
  }
}

TEST_CASE("Retry-After is taken in every form that makes sense") {
  CHECK(hint("Retry-After: 1\r\n").delay == seconds(1));
  CHECK(hint("retry-after:  7 \r\n").delay == seconds(7));
  CHECK(hint("Retry-After: 0.25\r\n").delay == milliseconds(250));
  CHECK(hint("Retry-After: 1.5e1\r\n").delay == seconds(15));
  CHECK(hint("Retry-After: 120\r\n").delay == seconds(120));
  CHECK(hint("Retry-After: 0.0001\r\n").delay == milliseconds(1));
  CHECK(hint("Retry-After: Sun, 01 Jun 2025 08:56:05 GMT\r\n").delay == seconds(5));
  CHECK(hint("Retry-After: Sunday, 01-Jun-25 08:56:05 GMT\r\n").delay == seconds(5));
  CHECK(hint("Retry-After: Sun Jun  1 08:56:05 2025\r\n").delay == seconds(5));
}

TEST_CASE("a date is counted on the clock of the server that gave it") {
  CHECK(hint("Date: Sun, 01 Jun 2025 10:00:00 GMT\r\nRetry-After: Sun, 01 Jun 2025 10:00:09 GMT\r\n").delay ==
        seconds(9));
  CHECK(hint("Date: nonsense\r\nRetry-After: Sun, 01 Jun 2025 08:56:05 GMT\r\n").delay == seconds(5));
}

TEST_CASE("a Retry-After that makes no sense counts as absent") {
  for (const char* value : {"0",
                            "-1",
                            "-0.5",
                            "NaN",
                            "nan",
                            "inf",
                            "-inf",
                            "soon",
                            "",
                            "1 second",
                            "Sun, 01 Jun 2025 08:55:00 GMT",
                            "Sun, 32 Jun 2025 08:57:00 GMT",
                            "Sun, 01 Jun 2025 25:57:00 GMT",
                            "Sun, 01 Foo 2025 08:57:00 GMT"}) {
    const auto read = hint("Retry-After: " + std::string(value) + "\r\n");
    CHECK_MESSAGE(!read.delay, value);
    CHECK_MESSAGE(!read.is_too_long, value);
  }
}

TEST_CASE("a server that asks for more than two minutes is not waited for") {
  for (const char* value : {"121", "1e9", "1000000000", "9999999999999999999999", "Sun, 01 Jun 2026 08:56:05 GMT"}) {
    const auto read = hint("Retry-After: " + std::string(value) + "\r\n");
    CHECK_MESSAGE(!read.delay, value);
    CHECK_MESSAGE(read.is_too_long, value);
  }
}

TEST_CASE("retry-after-ms comes before Retry-After, unless it makes no sense") {
  CHECK(hint("Retry-After: 9\r\nretry-after-ms: 1500\r\n").delay == milliseconds(1500));
  CHECK(hint("retry-after-ms: 0\r\nRetry-After: 9\r\n").delay == seconds(9));
  CHECK(hint("retry-after-ms: NaN\r\nRetry-After: 9\r\n").delay == seconds(9));
  CHECK(hint("retry-after-ms: 1e9\r\nRetry-After: 9\r\n").is_too_long);
}

TEST_CASE("x-should-retry is true or false, or says nothing") {
  CHECK(hint("x-should-retry: true\r\n").should_retry == true);
  CHECK(hint("X-Should-Retry: FALSE\r\n").should_retry == false);
  CHECK_FALSE(hint("x-should-retry: maybe\r\n").should_retry);
  CHECK_FALSE(hint("").should_retry);
}

TEST_CASE("HTTP dates are moments of UTC") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == Timestamp{784'111'777'000'000});
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == Timestamp{784'111'777'000'000});
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == Timestamp{784'111'777'000'000});
  CHECK(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT") == Timestamp{1'709'164'800'000'000});
  CHECK_FALSE(parse_http_date("Wed, 29 Feb 2023 00:00:00 GMT"));
  CHECK_FALSE(parse_http_date("06 Nov 1994"));
  CHECK_FALSE(parse_http_date("06 Nov 99999 00:00:00"));
}
