#pragma once
#include "cli/commands/run_controls.hpp"
#include "cli/options.hpp"
#include "core/services/inference_job.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// What `job create inference` and `job create annotate` both take.
struct InferenceOptions {
  std::optional<std::string> body;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> dataset;
  std::optional<std::string> input_format;
  std::optional<std::string> model;
  std::optional<std::string> provider;
  std::optional<std::string> base_url;
  std::optional<std::string> secret_key_name;
  std::optional<std::string> task;
  std::optional<std::string> source_language;
  std::optional<std::string> target_language;
  std::optional<std::int64_t> max_samples;
  std::optional<std::int64_t> sample_seed;
  std::optional<std::int64_t> batch_size;
  std::optional<std::int64_t> max_new_tokens;
  std::optional<std::string> frequency_penalty;
  std::optional<std::string> temperature;
  std::optional<std::string> top_p;
  std::optional<std::int64_t> seed;
  std::optional<std::string> system_prompt;
  std::optional<std::string> system_prompt_file;
  std::optional<std::string> prompt_template;
  std::optional<std::string> prompt_template_file;
  std::vector<std::string> parameters;
  std::vector<std::string> headers;
  std::vector<std::string> allowed_hosts;
  bool allow_plaintext = false;
  bool dry_run = false;
  bool detach = false;
  RunControlOptions controls;
};

/// Declares them.
void bind_inference_options(OptionSet& set, InferenceOptions& options);

/// The text of -f, and how messages call it; nothing without -f. Throws `usage` if two want standard input.
struct BodyText {
  std::string text;
  std::string name;
};
std::optional<BodyText> read_body(const InferenceOptions& options, Context& context);

/// The job that a body and the flags over it ask for, checked. Throws `usage` and `invalid_input`.
services::InferenceJob
inference_job(const InferenceOptions& options, schemas::InferenceJobCreate body, const config::Settings& settings);

}  // namespace lumi::cli
