#include "core/chat/provider.hpp"

#include <algorithm>
#include <array>

namespace lumi::chat {

namespace {

// Mistral's request model refuses what it does not know, and its streams always end with the usage.
constexpr std::array<ParameterRule, 5> k_mistral_rules{{
    {"seed", "random_seed"},
    {"max_completion_tokens", "max_tokens"},
    {"stream_options", ""},
    {"logprobs", ""},
    {"top_logprobs", ""},
}};

constexpr std::array<ParameterRule, 9> k_anthropic_rules{{
    {"max_completion_tokens", "max_tokens"},
    {"stop", "stop_sequences"},
    {"frequency_penalty", ""},
    {"presence_penalty", ""},
    {"seed", ""},
    {"logprobs", ""},
    {"top_logprobs", ""},
    {"response_format", ""},
    {"stream_options", ""},
}};

constexpr std::array<Provider, 20> k_providers{{
    {.name = "openai",
     .title = "OpenAI",
     .base_url = "https://api.openai.com/v1",
     .base_url_variable = "OPENAI_BASE_URL",
     .key_variable = "OPENAI_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "mistral",
     .title = "Mistral",
     .base_url = "https://api.mistral.ai/v1",
     .key_variable = "MISTRAL_API_KEY",
     .key_need = KeyNeed::on_own_host,
     .rules = k_mistral_rules},
    {.name = "deepseek",
     .title = "DeepSeek",
     .base_url = "https://api.deepseek.com/v1",
     .key_variable = "DEEPSEEK_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "anthropic",
     .title = "Anthropic",
     .base_url = "https://api.anthropic.com/v1",
     .key_variable = "ANTHROPIC_API_KEY",
     .key_need = KeyNeed::on_own_host,
     .protocol = Protocol::anthropic,
     .authorization = Authorization::x_api_key,
     .rules = k_anthropic_rules},
    {.name = "hosted_vllm", .title = "vLLM, your server", .stand_in_key = "fake-api-key"},
    {.name = "llamafile",
     .title = "llamafile, llama.cpp",
     .base_url = "http://127.0.0.1:8080/v1",
     .stand_in_key = "fake-api-key"},
    {.name = "ollama", .title = "Ollama", .base_url = "http://localhost:11434/v1", .stand_in_key = "ollama"},
    {.name = "hf", .title = "Hugging Face", .key_variable = "HF_TOKEN", .protocol = Protocol::worker},
    {.name = "azure",
     .title = "Azure OpenAI",
     .key_variable = "AZURE_API_KEY",
     .authorization = Authorization::api_key},
    {.name = "bedrock", .title = "Amazon Bedrock", .key_variable = "AWS_BEARER_TOKEN_BEDROCK"},
    {.name = "groq",
     .title = "Groq",
     .base_url = "https://api.groq.com/openai/v1",
     .key_variable = "GROQ_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "cerebras",
     .title = "Cerebras",
     .base_url = "https://api.cerebras.ai/v1",
     .key_variable = "CEREBRAS_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "together_ai",
     .title = "Together AI",
     .base_url = "https://api.together.xyz/v1",
     .key_variable = "TOGETHERAI_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "fireworks_ai",
     .title = "Fireworks AI",
     .base_url = "https://api.fireworks.ai/inference/v1",
     .key_variable = "FIREWORKS_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "openrouter",
     .title = "OpenRouter",
     .base_url = "https://openrouter.ai/api/v1",
     .key_variable = "OPENROUTER_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "perplexity",
     .title = "Perplexity",
     .base_url = "https://api.perplexity.ai",
     .key_variable = "PERPLEXITY_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "xai",
     .title = "xAI",
     .base_url = "https://api.x.ai/v1",
     .key_variable = "XAI_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "gemini",
     .title = "Google Gemini",
     .base_url = "https://generativelanguage.googleapis.com/v1beta/openai",
     .key_variable = "GEMINI_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "nvidia_nim",
     .title = "NVIDIA NIM",
     .base_url = "https://integrate.api.nvidia.com/v1",
     .key_variable = "NVIDIA_NIM_API_KEY",
     .key_need = KeyNeed::on_own_host},
    {.name = "sambanova",
     .title = "SambaNova",
     .base_url = "https://api.sambanova.ai/v1",
     .key_variable = "SAMBANOVA_API_KEY",
     .key_need = KeyNeed::on_own_host},
}};

constexpr Provider k_any_provider{.name = "", .title = "any server with OpenAI's protocol"};

}  // namespace

std::span<const Provider> all_providers() { return k_providers; }

const Provider* find_provider(std::string_view name) {
  const auto* found =
      std::find_if(k_providers.begin(), k_providers.end(), [&](const auto& one) { return one.name == name; });
  return found == k_providers.end() ? nullptr : found;
}

const Provider* find_provider_of_key(std::string_view variable) {
  const auto* found = std::find_if(
      k_providers.begin(), k_providers.end(), [&](const auto& one) { return one.key_variable == variable; });
  return found == k_providers.end() || variable.empty() ? nullptr : found;
}

const Provider& any_provider() { return k_any_provider; }

}  // namespace lumi::chat
