#include "cli/commands/model_options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/text_file.hpp"
#include "cli/commands/set_if_given.hpp"

#include <utility>

namespace lumi::cli {

namespace {

constexpr const char* k_model = "Model";
constexpr const char* k_prompt = "Prompt";

void bind_which_model(OptionSet& set, ModelOptions& options) {
  set.option("--model", "MODEL", options.model, "The model, as its endpoint calls it").group(k_model);
  set.option("--provider", "PROVIDER", options.provider, "Who serves it: openai, mistral, deepseek, hosted_vllm, …")
      .shows_default("hosted_vllm with --base-url")
      .group(k_model);
  set.option("--base-url", "URL", options.base_url, "Where it is served, such as http://127.0.0.1:8080/v1")
      .group(k_model);
}

void bind_answers(OptionSet& set, ModelOptions& options, const UsualAsking& usual) {
  set.option("--secret-key-name", "NAME", options.secret_key_name, "The secret that holds the key").group(k_model);
  set.option("--max-new-tokens", "N", options.max_new_tokens, "The longest answer")
      .shows_default("1024")
      .group(k_model);
  set.option("--temperature", "X", options.temperature, "0: always the likeliest")
      .shows_default(usual.temperature)
      .group(k_model);
  set.option("--top-p", "X", options.top_p, "Only the likeliest words up to this share")
      .shows_default(usual.top_p)
      .group(k_model);
  set.option("--frequency-penalty", "X", options.frequency_penalty, "Against repetitions, -2 to 2")
      .shows_default("0")
      .group(k_model);
  set.option("--seed", "N", options.seed, "Sent as seed: the same answers again, as far as the endpoint can")
      .group(k_model);
  set.repeated("--param", "KEY=JSON", options.parameters, "A further field of the request").group(k_model);
  set.repeated("--header", "NAME: VALUE", options.headers, "A further header of the request").group(k_model);
  set.list("--allow-host", "HOST", options.allowed_hosts, "Let the key go to this HOST or HOST:PORT too")
      .group(k_model);
  set.flag("--allow-plaintext", options.allow_plaintext, "Let the key go over http to other machines").group(k_model);
}

void bind_prompt(OptionSet& set, ModelOptions& options, std::string usual_prompt) {
  set.option("--system-prompt", "TEXT", options.system_prompt, "The system message")
      .shows_default(std::move(usual_prompt))
      .group(k_prompt);
  set.option("--system-prompt-file", "FILE", options.system_prompt_file, "A file with the system message")
      .completes(Completes::file)
      .group(k_prompt);
  set.option("--prompt-template", "TEXT", options.prompt_template, "The user message, {{column}} for each column")
      .shows_default("{{examples}}")
      .group(k_prompt);
  set.option("--prompt-template-file", "FILE", options.prompt_template_file, "A file with the user message")
      .completes(Completes::file)
      .group(k_prompt);
}

/// The text that a flag gives, or the file that its other form names.
std::optional<std::string>
text_or_file(const std::optional<std::string>& text, const std::optional<std::string>& file, std::string_view flag) {
  if (text && file) {
    throw Error(
        ErrorCode::usage, std::string(flag) + " and " + std::string(flag) + "-file are both given", "give one of them");
  }
  return file ? std::optional(read_text_file(*file)) : text;
}

void set_real(double& field, std::string_view flag, const std::optional<std::string>& text) {
  field = text ? parse_real_option(flag, *text) : field;
}

}  // namespace

void bind_model_options(OptionSet& set, ModelOptions& options, std::string usual_prompt) {
  bind_which_model(set, options);
  bind_asking_options(set, options, {std::move(usual_prompt)});
}

void bind_asking_options(OptionSet& set, ModelOptions& options, const UsualAsking& usual) {
  bind_answers(set, options, usual);
  bind_prompt(set, options, usual.system_prompt);
}

void apply(const ModelOptions& options, schemas::InferenceJobCreate& body) {
  set_if_given(body.model, options.model);
  set_if_given(body.provider, options.provider);
  set_if_given(body.base_url, options.base_url);
  set_if_given(body.secret_key_name, options.secret_key_name);
  auto& generation = body.generation_config;
  set_if_given(generation.max_new_tokens, options.max_new_tokens);
  set_real(generation.frequency_penalty, "--frequency-penalty", options.frequency_penalty);
  set_real(generation.temperature, "--temperature", options.temperature);
  set_real(generation.top_p, "--top-p", options.top_p);
  set_if_given(body.system_prompt, text_or_file(options.system_prompt, options.system_prompt_file, "--system-prompt"));
  if (body.provider.empty() && body.base_url) {
    body.provider = "hosted_vllm";
  }
}

services::InferenceJob asking_job(const ModelOptions& options,
                                  const RunControlOptions& controls,
                                  schemas::InferenceJobCreate body,
                                  const config::Settings& settings) {
  schemas::check_inference_job(body);
  services::InferenceJob job;
  job.body = std::move(body);
  job.prompt_template = text_or_file(options.prompt_template, options.prompt_template_file, "--prompt-template")
                            .value_or(job.prompt_template);
  job.seed = options.seed;
  for (const auto& text : options.parameters) {
    job.parameters.push_back(chat::parse_parameter(text));
  }
  for (const auto& text : options.headers) {
    job.headers.push_back(chat::parse_header(text));
  }
  job.allowed_hosts = options.allowed_hosts;
  for (auto& host : split_outside_brackets(settings.get("inference.allowed_hosts").value, ',')) {
    job.allowed_hosts.push_back(std::move(host));
  }
  job.plaintext = options.allow_plaintext ? chat::Plaintext::allow : chat::Plaintext::refuse;
  apply(with_settings(controls, settings), job.controls);
  return job;
}

}  // namespace lumi::cli
