#pragma once
#include "cli/commands/model_options.hpp"
#include "cli/commands/run_controls.hpp"
#include "cli/options.hpp"
#include "core/services/inference_job.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lumi::cli {

/// What `job create inference` and `job create annotate` both take.
struct InferenceOptions {
  std::optional<std::string> body;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> dataset;
  std::optional<std::string> input_format;
  std::optional<std::string> task;
  std::optional<std::string> source_language;
  std::optional<std::string> target_language;
  std::optional<std::int64_t> max_samples;
  std::optional<std::int64_t> sample_seed;
  std::optional<std::int64_t> batch_size;
  ModelOptions target;
  RunControlOptions controls;
  bool dry_run = false;
  bool detach = false;
};

/// Declares them.
void bind_inference_options(OptionSet& set, InferenceOptions& options);

/// The job that a body and the flags over it ask for, checked. Throws `usage` and `invalid_input`.
services::InferenceJob
inference_job(const InferenceOptions& options, schemas::InferenceJobCreate body, const config::Settings& settings);

}  // namespace lumi::cli
