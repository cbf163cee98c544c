#pragma once
#include "cli/commands/run_controls.hpp"
#include "cli/options.hpp"
#include "core/config/settings.hpp"
#include "core/schemas/inference_job.hpp"
#include "core/services/inference_job.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

/// Which model is asked, how, and with what prompts.
struct ModelOptions {
  std::optional<std::string> model;
  std::optional<std::string> provider;
  std::optional<std::string> base_url;
  std::optional<std::string> secret_key_name;
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
};

/// What help says of an answer that nobody asks for otherwise.
struct UsualAsking {
  std::string system_prompt;
  std::string temperature = "0.5";
  std::string top_p = "0.5";
};

/// Declares them.
void bind_model_options(OptionSet& set, ModelOptions& options, std::string usual_prompt);

/// Declares all but the model, its provider and where it is served.
void bind_asking_options(OptionSet& set, ModelOptions& options, const UsualAsking& usual);

/// Puts what was given over `body`; a base URL alone means the provider hosted_vllm. Throws `usage`.
void apply(const ModelOptions& options, schemas::InferenceJobCreate& body);

/// The job that `body` and the flags that no body has ask for, checked. Throws `usage` and `invalid_input`.
services::InferenceJob asking_job(const ModelOptions& options,
                                  const RunControlOptions& controls,
                                  schemas::InferenceJobCreate body,
                                  const config::Settings& settings);

}  // namespace lumi::cli
