#include "net/retry_hint.hpp"

#include "base/text.hpp"
#include "net/http_client.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace lumi::net {

namespace {

using std::chrono::milliseconds;

constexpr double k_ms_per_second = 1000;
constexpr double k_us_per_second = 1e6;

// Takes a delay into the hint; what makes no sense leaves it as it is.
bool take_delay(double wait_ms, RetryHint& hint) {
  if (!std::isfinite(wait_ms) || wait_ms <= 0) {
    return false;
  }
  if (wait_ms > static_cast<double>(milliseconds(k_longest_wait).count())) {
    hint.is_too_long = true;
  } else {
    hint.delay = milliseconds(std::max<std::int64_t>(1, std::llround(std::ceil(wait_ms))));
  }
  return true;
}

bool take_retry_after(std::string_view text, const HttpAnswer& answer, Timestamp now, RetryHint& hint) {
  if (const auto seconds = parse_real(text)) {
    return take_delay(*seconds * k_ms_per_second, hint);
  }
  const auto until = parse_http_date(text);
  if (!until) {
    return false;
  }
  // Counted on the server's own clock, ours may be wrong.
  const auto date = answer.header("date");
  const auto from = date ? parse_http_date(*date).value_or(now) : now;
  return take_delay(static_cast<double>(until->microseconds - from.microseconds) / k_us_per_second * k_ms_per_second,
                    hint);
}

constexpr std::array<std::string_view, 12> k_months = {
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

std::optional<unsigned> month_of(std::string_view word) {
  const auto name = to_lower_ascii(word);
  const auto* found = std::find(k_months.begin(), k_months.end(), name);
  return found == k_months.end() ? std::nullopt : std::optional(static_cast<unsigned>(found - k_months.begin()) + 1);
}

std::optional<std::int64_t> seconds_of_day(std::string_view word) {
  const auto parts = split(word, ':');
  if (parts.size() != 3) {
    return std::nullopt;
  }
  const auto hours = parse_integer(parts[0]);
  const auto minutes = parse_integer(parts[1]);
  const auto seconds = parse_integer(parts[2]);
  if (!hours || !minutes || !seconds || *hours < 0 || *hours > 23 || *minutes < 0 || *minutes > 59 || *seconds < 0 ||
      *seconds > 60) {
    return std::nullopt;
  }
  return (*hours * 60 + *minutes) * 60 + *seconds;
}

// What a date consists of: all three forms of RFC 9110 name the day before the year.
struct DateParts {
  std::optional<unsigned> month;
  std::optional<std::int64_t> time;
  std::vector<std::int64_t> numbers;
};

DateParts parts_of(std::string_view text) {
  std::string words(text);
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == ',' || c == '-'; }, ' ');
  DateParts parts;
  for (const auto word : split(words, ' ')) {
    if (const auto month = month_of(word)) {
      parts.month = month;
    } else if (word.find(':') != std::string_view::npos) {
      parts.time = seconds_of_day(word);
    } else if (const auto number = parse_integer(word); number && *number >= 0) {
      parts.numbers.push_back(*number);
    }
  }
  return parts;
}

}  // namespace

std::optional<Timestamp> parse_http_date(std::string_view text) {
  const auto parts = parts_of(text);
  if (!parts.month || !parts.time || parts.numbers.size() != 2) {
    return std::nullopt;
  }
  auto year = parts.numbers[1];
  if (year < 100) {
    constexpr std::int64_t k_first_year_of_1900s = 70;
    year += year < k_first_year_of_1900s ? 2000 : 1900;
  }
  constexpr std::int64_t k_last_year = 9999;
  if (year > k_last_year || parts.numbers[0] < 1 || parts.numbers[0] > 31) {
    return std::nullopt;
  }
  const std::chrono::year_month_day day(std::chrono::year(static_cast<int>(year)),
                                        std::chrono::month(*parts.month),
                                        std::chrono::day(static_cast<unsigned>(parts.numbers[0])));
  if (!day.ok()) {
    return std::nullopt;
  }
  const auto moment = std::chrono::sys_days(day) + std::chrono::seconds(*parts.time);
  return Timestamp{std::chrono::duration_cast<std::chrono::microseconds>(moment.time_since_epoch()).count()};
}

RetryHint read_retry_hint(const HttpAnswer& answer, Timestamp now) {
  RetryHint hint;
  if (const auto should = answer.header("x-should-retry")) {
    const auto word = to_lower_ascii(*should);
    hint.should_retry = word == "true" ? std::optional(true) : word == "false" ? std::optional(false) : std::nullopt;
  }
  if (const auto text = answer.header("retry-after-ms")) {
    const auto wait_ms = parse_real(*text);
    if (wait_ms && take_delay(*wait_ms, hint)) {
      return hint;
    }
  }
  if (const auto text = answer.header("retry-after")) {
    take_retry_after(*text, answer, now, hint);
  }
  return hint;
}

std::optional<milliseconds> read_rate_pause(const HttpAnswer& answer) {
  struct Counted {
    std::string_view remaining;
    std::string_view reset;
  };
  constexpr std::array<Counted, 2> k_counted{{{"x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
                                              {"x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"}}};
  if (answer.head.find("atelimit-") == std::string::npos && answer.head.find("ateLimit-") == std::string::npos) {
    return std::nullopt;  // the usual case, at no cost
  }
  std::optional<milliseconds> pause;
  for (const auto& counted : k_counted) {
    const auto remaining = answer.header(counted.remaining);
    const auto left = remaining ? parse_real(*remaining) : std::nullopt;
    const auto reset = left && *left <= 0 ? answer.header(counted.reset) : std::nullopt;
    const auto wait = reset ? parse_duration_ms(*reset) : std::nullopt;
    if (wait && *wait > 0 && milliseconds(*wait) <= k_longest_wait) {
      pause = std::max(pause.value_or(milliseconds(0)), milliseconds(*wait));
    }
  }
  return pause;
}

}  // namespace lumi::net
