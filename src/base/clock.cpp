#include "base/clock.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace lumi {

Timestamp SystemClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count()};
}

Timestamp SteadyClock::now() const {
  const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since_start).count()};
}

std::string to_rfc3339(Timestamp time) {
  std::int64_t seconds = time.microseconds / 1'000'000;
  std::int64_t fraction = time.microseconds % 1'000'000;
  if (fraction < 0) {
    fraction += 1'000'000;
    --seconds;
  }
  const auto moment = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&moment, &parts);
  std::array<char, 64> buffer{};
  const auto length = std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::string text(buffer.data(), length);
  if (fraction != 0) {
    std::snprintf(buffer.data(), buffer.size(), ".%06d", static_cast<int>(fraction));
    text += buffer.data();
  }
  return text + "Z";
}

namespace {

/// Takes a number of `digits` digits off the front of `text`; -1 if it has none.
int take_number(std::string_view& text, std::size_t digits) {
  const auto value = parse_integer(text.substr(0, digits));
  if (text.size() < digits || !value || *value < 0 || text.front() == '+') {
    return -1;
  }
  text.remove_prefix(digits);
  return static_cast<int>(*value);
}

bool take(std::string_view& text, std::string_view any_of) {
  const bool is_next = !text.empty() && any_of.find(text.front()) != std::string_view::npos;
  text.remove_prefix(is_next ? 1 : 0);
  return is_next;
}

/// Microseconds from "", ".5" or ".123456789"; -1 for a point without digits.
std::int64_t take_fraction(std::string_view& text) {
  if (!take(text, ".")) {
    return 0;
  }
  std::int64_t value = 0;
  std::int64_t unit = 100'000;
  const auto size = std::min(text.find_first_not_of("0123456789"), text.size());
  for (const char digit : text.substr(0, size)) {
    value += unit * (digit - '0');
    unit /= 10;
  }
  text.remove_prefix(size);
  return size > 0 ? value : -1;
}

/// Minutes from "Z" or "+02:00"; nothing if it is neither.
std::optional<int> take_offset(std::string_view& text) {
  if (take(text, "Zz")) {
    return 0;
  }
  const bool is_west = text.starts_with('-');
  if (!take(text, "+-")) {
    return std::nullopt;
  }
  const int hours = take_number(text, 2);
  const int minutes = take(text, ":") ? take_number(text, 2) : -1;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
    return std::nullopt;
  }
  return (is_west ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  const int year = take_number(text, 4);
  const int month = take(text, "-") ? take_number(text, 2) : -1;
  const int day = take(text, "-") ? take_number(text, 2) : -1;
  const int hour = take(text, "Tt ") ? take_number(text, 2) : -1;
  const int minute = take(text, ":") ? take_number(text, 2) : -1;
  const int second = take(text, ":") ? take_number(text, 2) : -1;
  const auto fraction = take_fraction(text);
  const auto offset = take_offset(text);
  if (year < 0 || month < 0 || day < 0) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  const bool is_time = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
  if (!date.ok() || !is_time || fraction < 0 || !offset || !text.empty()) {
    return std::nullopt;
  }
  const auto moment = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute - *offset) +
                      std::chrono::seconds(second) + std::chrono::microseconds(fraction);
  return Timestamp{moment.time_since_epoch().count()};
}

std::string to_relative(Timestamp time, Timestamp now) {
  const std::int64_t seconds = (now.microseconds - time.microseconds) / 1'000'000;
  if (seconds < 60) {
    return seconds < -60 ? "in the future" : "just now";
  }
  struct Unit {
    std::int64_t seconds;
    const char* name;
  };
  constexpr std::array<Unit, 5> k_units{
      {{31'536'000, "year"}, {2'592'000, "month"}, {86'400, "day"}, {3'600, "hour"}, {60, "minute"}}};
  for (const auto& unit : k_units) {
    if (const auto count = seconds / unit.seconds; count > 0) {
      return std::to_string(count) + " " + unit.name + (count == 1 ? "" : "s") + " ago";
    }
  }
  return "just now";
}

}  // namespace lumi
