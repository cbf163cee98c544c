#pragma once
#include "base/clock.hpp"

#include <chrono>

namespace lumi::test {

/// A clock that stands still until it is told to go on.
class ManualTime final : public Clock {
public:
  Timestamp now() const override { return now_; }
  void advance(std::chrono::microseconds by) { now_.microseconds += by.count(); }

private:
  Timestamp now_{1'000'000'000};
};

}  // namespace lumi::test
