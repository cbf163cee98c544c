#include "base/clock.hpp"

#include <doctest/doctest.h>

using namespace lumi;

namespace {

constexpr std::int64_t k_second = 1'000'000;
constexpr std::int64_t k_day = 86'400 * k_second;

std::string ago(std::int64_t microseconds) {
  const Timestamp now{1'748'768'160 * k_second};
  return to_relative({now.microseconds - microseconds}, now);
}

}  // namespace

TEST_CASE("to_rfc3339 is in UTC, with a fraction only where there is one") {
  CHECK(to_rfc3339({0}) == "1970-01-01T00:00:00Z");
  CHECK(to_rfc3339({1'748'768'160 * k_second}) == "2025-06-01T08:56:00Z");
  CHECK(to_rfc3339({1'748'768'160 * k_second + 1}) == "2025-06-01T08:56:00.000001Z");
  CHECK(to_rfc3339({1'748'768'160 * k_second + 250'000}) == "2025-06-01T08:56:00.250000Z");
  CHECK(to_rfc3339({951'782'400 * k_second}) == "2000-02-29T00:00:00Z");
  CHECK(to_rfc3339({-1}) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("parse_rfc3339 reads what to_rfc3339 writes, fractions of any length and offsets") {
  for (const auto time : {Timestamp{0}, Timestamp{1'748'768'160 * k_second + 250'000}, Timestamp{-1}}) {
    CHECK(parse_rfc3339(to_rfc3339(time)) == time);
  }
  CHECK(parse_rfc3339("2025-06-01T08:56:00.123Z") == Timestamp{1'748'768'160 * k_second + 123'000});
  CHECK(parse_rfc3339("2025-06-01T08:56:00.123456789Z") == Timestamp{1'748'768'160 * k_second + 123'456});
  CHECK(parse_rfc3339("2025-06-01T10:56:00+02:00") == Timestamp{1'748'768'160 * k_second});
  CHECK(parse_rfc3339("2025-06-01T03:26:00-05:30") == Timestamp{1'748'768'160 * k_second});
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z"));
  for (const auto* text : {"",
                           "2025-06-01",
                           "2025-06-01T08:56:00",
                           "2025-06-01T08:56:00.Z",
                           "2025-06-01T08:56:00Zx",
                           "2025-06-01T24:56:00Z",
                           "2025-02-29T00:00:00Z",
                           "2025-13-01T00:00:00Z",
                           "2025-06-01T08:56:00+0200",
                           "2025-+6-01T08:56:00Z",
                           "20250601T085600Z"}) {
    CHECK_MESSAGE(!parse_rfc3339(text), text);
  }
}

TEST_CASE("to_relative counts whole units, the largest there is one of") {
  CHECK(ago(0) == "just now");
  CHECK(ago(59 * k_second) == "just now");
  CHECK(ago(60 * k_second) == "1 minute ago");
  CHECK(ago(119 * k_second) == "1 minute ago");
  CHECK(ago(120 * k_second) == "2 minutes ago");
  CHECK(ago(3'599 * k_second) == "59 minutes ago");
  CHECK(ago(3'600 * k_second) == "1 hour ago");
  CHECK(ago(k_day) == "1 day ago");
  CHECK(ago(29 * k_day) == "29 days ago");
  CHECK(ago(30 * k_day) == "1 month ago");
  CHECK(ago(365 * k_day) == "1 year ago");
  CHECK(ago(800 * k_day) == "2 years ago");
}

TEST_CASE("to_relative forgives clocks that differ a little") {
  CHECK(ago(-30 * k_second) == "just now");
  CHECK(ago(-2 * k_day) == "in the future");
}

TEST_CASE("SystemClock tells the time of this century") {
  const auto first = SystemClock().now();
  CHECK(first.microseconds > 1'700'000'000 * k_second);
  CHECK(first.microseconds < 4'102'444'800 * k_second);
}
