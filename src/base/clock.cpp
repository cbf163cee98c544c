#include "base/clock.hpp"

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
