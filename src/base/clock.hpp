#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi {

/// A moment: microseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
  std::int64_t microseconds = 0;
  auto operator<=>(const Timestamp&) const = default;
};

/// The time of day, behind an interface so that tests can fake it.
class Clock {
public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

/// The system's clock.
class SystemClock final : public Clock {
public:
  Timestamp now() const override;
};

/// Time since the machine started, which nobody sets: what waits and limits are measured by.
class SteadyClock final : public Clock {
public:
  Timestamp now() const override;
};

/// RFC 3339 in UTC: "2025-06-01T08:56:00Z", with six digits after the point only where they are not zero.
std::string to_rfc3339(Timestamp time);

/// The moment that "2025-06-01T08:56:00Z" names, with any fraction of a second and Z or an offset ("+02:00") at its
/// end; nothing if it is none.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

/// "just now", "5 minutes ago", "2 days ago": how long `time` lies before `now`.
std::string to_relative(Timestamp time, Timestamp now);

}  // namespace lumi
