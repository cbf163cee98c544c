#pragma once
#include "core/inference/engine.hpp"
#include "core/inference/rate_limiter.hpp"

#include <chrono>

namespace lumi::inference {

/// When an answer is taken from the cache and kept in it: where it would be the same again, always, or never.
enum class CacheUse { automatic, always, never };

/// How hard an endpoint is pressed, for how long, and at what cost.
struct RunControls {
  EngineSettings engine;
  RateLimits rates;
  CacheUse cache = CacheUse::automatic;
  chat::Delivery delivery = chat::Delivery::whole;
  std::chrono::milliseconds request_timeout{600'000};
};

}  // namespace lumi::inference
