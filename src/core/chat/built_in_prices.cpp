#include "core/chat/built_in_prices.hpp"

#include <array>

namespace lumi::chat {

namespace {

constexpr double k_no_cache = -1;

// List prices of the providers' own hosts for short prompts at standard speed, in USD per million tokens.
constexpr std::array<BuiltInPrice, 71> k_prices{{
    {"openai/gpt-3.5-turbo", 0.5, 1.5, k_no_cache},
    {"openai/gpt-4", 30, 60, k_no_cache},
    {"openai/gpt-4-turbo", 10, 30, k_no_cache},
    {"openai/gpt-4.1", 2, 8, 0.5},
    {"openai/gpt-4.1-mini", 0.4, 1.6, 0.1},
    {"openai/gpt-4.1-nano", 0.1, 0.4, 0.025},
    {"openai/gpt-4o", 2.5, 10, 1.25},
    {"openai/gpt-4o-2024-05-13", 5, 15, k_no_cache},
    {"openai/gpt-4o-mini", 0.15, 0.6, 0.075},
    {"openai/gpt-5", 1.25, 10, 0.125},
    {"openai/gpt-5-mini", 0.25, 2, 0.025},
    {"openai/gpt-5-nano", 0.05, 0.4, 0.005},
    {"openai/gpt-5-pro", 15, 120, k_no_cache},
    {"openai/gpt-5.1", 1.25, 10, 0.125},
    {"openai/gpt-5.2", 1.75, 14, 0.175},
    {"openai/gpt-5.3", 1.75, 14, 0.175},
    {"openai/gpt-5.4", 2.5, 15, 0.25},
    {"openai/gpt-5.4-mini", 0.75, 4.5, 0.075},
    {"openai/gpt-5.4-nano", 0.2, 1.25, 0.02},
    {"openai/gpt-5.5", 5, 30, 0.5},
    {"openai/gpt-5.6-luna", 0.2, 1.2, 0.02},
    {"openai/gpt-5.6-sol", 4, 20, 0.4},
    {"openai/gpt-5.6-terra", 2, 12, 0.2},
    {"openai/gpt-6-astra", 10, 50, 1},
    {"openai/gpt-6-luna", 0.1, 0.5, 0.01},
    {"openai/gpt-6-sol", 2, 10, 0.2},
    {"openai/gpt-6.1-sol", 2, 10, 0.1},
    {"openai/gpt-6.1-terra", 1, 5, 0.05},
    {"openai/o1", 15, 60, 7.5},
    {"openai/o1-mini", 1.1, 4.4, 0.55},
    {"openai/o3", 2, 8, 0.5},
    {"openai/o3-mini", 1.1, 4.4, 0.55},
    {"openai/o3-pro", 20, 80, k_no_cache},
    {"openai/o4-mini", 1.1, 4.4, 0.275},
    {"mistral/codestral-latest", 0.3, 0.9, k_no_cache},
    {"mistral/ministral-3b-latest", 0.1, 0.1, 0.01},
    {"mistral/ministral-8b-latest", 0.15, 0.15, 0.015},
    {"mistral/mistral-large-2512", 0.5, 1.5, 0.05},
    {"mistral/mistral-medium-latest", 1.5, 7.5, 0.15},
    {"mistral/mistral-small-latest", 0.15, 0.6, 0.015},
    {"mistral/mistral-small-2603", 0.15, 0.6, 0.015},
    {"mistral/open-mistral-nemo", 0.15, 0.15, k_no_cache},
    {"mistral/open-mistral-7b", 0.25, 0.25, k_no_cache},
    {"mistral/open-mixtral-8x22b", 2, 6, k_no_cache},
    {"mistral/open-mixtral-8x7b", 0.7, 0.7, k_no_cache},
    {"deepseek/deepseek-chat", 0.27, 1.1, 0.07},
    {"deepseek/deepseek-reasoner", 0.55, 2.19, 0.14},
    {"deepseek/deepseek-v4-flash", 0.3, 1.2, 0.006},
    {"deepseek/deepseek-v4-pro", 1.32, 3.96, 0.044},
    {"anthropic/claude-3-5-haiku", 0.8, 4, 0.08},
    {"anthropic/claude-3-5-sonnet", 3, 15, 0.3},
    {"anthropic/claude-3-7-sonnet", 3, 15, 0.3},
    {"anthropic/claude-3-haiku", 0.25, 1.25, 0.03},
    {"anthropic/claude-3-opus", 15, 75, 1.5},
    {"anthropic/claude-haiku-4-5", 1, 5, 0.1},
    {"anthropic/claude-haiku-5-5", 0.1, 0.5, 0.01},
    {"anthropic/claude-opus-4", 15, 75, 1.5},
    {"anthropic/claude-opus-4-0", 15, 75, 1.5},
    {"anthropic/claude-opus-4-1", 15, 75, 1.5},
    {"anthropic/claude-opus-4-5", 5, 25, 0.5},
    {"anthropic/claude-opus-4-6", 5, 25, 0.5},
    {"anthropic/claude-opus-4-7", 5, 25, 0.5},
    {"anthropic/claude-opus-4-8", 5, 25, 0.5},
    {"anthropic/claude-opus-5", 5, 25, 0.5},
    {"anthropic/claude-opus-5-5", 4, 20, 0.2},
    {"anthropic/claude-sonnet-4", 3, 15, 0.3},
    {"anthropic/claude-sonnet-4-0", 3, 15, 0.3},
    {"anthropic/claude-sonnet-4-5", 3, 15, 0.3},
    {"anthropic/claude-sonnet-4-6", 3, 15, 0.3},
    {"anthropic/claude-sonnet-5", 2, 10, 0.2},
    {"anthropic/claude-sonnet-5-5", 2, 10, 0.1},
}};

}  // namespace

std::span<const BuiltInPrice> built_in_prices() { return k_prices; }

}  // namespace lumi::chat
