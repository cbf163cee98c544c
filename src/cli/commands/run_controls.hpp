#pragma once
#include "cli/options.hpp"
#include "core/config/settings.hpp"
#include "core/inference/run_controls.hpp"
#include "core/schemas/run.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lumi::cli {

/// How hard an endpoint is pressed, for how long, at what cost: as typed.
struct RunControlOptions {
  std::optional<std::string> concurrency;
  std::optional<std::int64_t> rpm;
  std::optional<std::int64_t> tpm;
  std::optional<std::string> request_timeout;
  std::optional<std::int64_t> max_retries;
  std::optional<std::string> timeout;
  std::optional<std::string> max_cost;
  std::optional<std::int64_t> max_total_tokens;
  std::optional<std::string> cache;
  std::optional<std::string> record;
  std::optional<std::string> replay;
  bool stream = false;
  bool fail_fast = false;

  bool operator==(const RunControlOptions&) const = default;
};

/// Declares them, under a heading of their own.
void bind_run_controls(OptionSet& set, RunControlOptions& options);

/// Takes a run control of a spec where no flag gives it. It is looked at by itself, so that messages name its place.
/// Throws `invalid_input`.
void take_control(const schemas::ControlSetting& setting, RunControlOptions& options);

/// What the settings say, where the flags say nothing.
RunControlOptions with_settings(RunControlOptions options, const config::Settings& settings);

/// Puts what was given into `controls`; the rest stays as it is. Throws `usage`.
void apply(const RunControlOptions& options, inference::RunControls& controls);

/// The number that `text` is. Throws `usage` naming `flag` for text that is none.
double parse_real_option(std::string_view flag, const std::string& text);

}  // namespace lumi::cli
