#pragma once
#include "core/inference/engine.hpp"
#include "core/inference/rate_limiter.hpp"

#include <chrono>
#include <filesystem>

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
  std::filesystem::path record;  ///< where every exchange is written to; empty: nowhere
  std::filesystem::path replay;  ///< the recording that answers in the place of the endpoint; empty: none does
};

}  // namespace lumi::inference
