#pragma once
#include "base/error.hpp"
#include "core/inference/engine.hpp"
#include "core/inference/sample_log.hpp"

#include <cstdint>
#include <optional>

namespace lumi::inference {

/// Holds the spending of a job against what it may spend.
class Budget {
public:
  Budget(const EngineSettings& settings, const SampleLog& log, std::optional<chat::Price> price)
      : settings_(settings), log_(log), price_(std::move(price)) {}

  /// Whether a further request of about `prompt_tokens` fits beside `in_flight` others, by what answers took so far.
  /// One at a time fits as long as anything is left.
  bool has_room(std::uint64_t in_flight, std::int64_t prompt_tokens, std::int64_t max_new_tokens) const;

  /// The `budget` error once nothing is left.
  std::optional<Error> exhausted() const;

private:
  const EngineSettings& settings_;
  const SampleLog& log_;
  std::optional<chat::Price> price_;
};

}  // namespace lumi::inference
