#include "core/chat/collected_answer.hpp"

#include "base/text.hpp"
#include "core/metrics/text/python_text.hpp"
#include "core/metrics/token_length.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lumi::chat {

namespace {

// No text of a dataset has a NUL; what cannot be kept is replaced.
void replace_nul(std::string& text) {
  constexpr std::string_view k_replacement = "\xEF\xBF\xBD";
  for (auto at = text.find('\0'); at != std::string::npos; at = text.find('\0', at + k_replacement.size())) {
    text.replace(at, 1, k_replacement);
  }
}

// White space of any script at both ends counts, as in Python's strip().
std::string_view strip(std::string_view text) {
  std::size_t start = 0;
  while (start < text.size()) {
    const auto size = metrics::python::space_length(text, start);
    if (size == 0) {
      break;
    }
    start += size;
  }
  return metrics::python::strip_right(text.substr(start));
}

// The last tag counts: models quote the tag while they think.
void split_reasoning(ChatAnswer& answer) {
  constexpr std::string_view k_open = "<think>";
  constexpr std::string_view k_close = "</think>";
  const auto close = answer.text.rfind(k_close);
  if (!answer.reasoning.empty() || close == std::string::npos) {
    return;
  }
  const std::string_view text = answer.text;
  auto reasoning = strip(text.substr(0, close));
  if (reasoning.starts_with(k_open)) {
    reasoning = strip(reasoning.substr(k_open.size()));
  }
  answer.reasoning = reasoning;
  answer.text = std::string(strip(text.substr(close + k_close.size())));
}

void complete_usage(const ChatAnswer& answer, Usage& usage) {
  if (usage.prompt_tokens && usage.completion_tokens && !usage.total_tokens) {
    usage.total_tokens = *usage.prompt_tokens + *usage.completion_tokens;
  }
  if (usage.prompt_tokens && usage.total_tokens && !usage.completion_tokens) {
    usage.completion_tokens = std::max<std::int64_t>(0, *usage.total_tokens - *usage.prompt_tokens);
  }
  if (!usage.reasoning_tokens && usage.completion_tokens) {
    usage.reasoning_is_estimated = !answer.reasoning.empty();
    usage.reasoning_tokens = static_cast<std::int64_t>(metrics::estimate_tokens(answer.reasoning));
  }
}

}  // namespace

void collect_answer(const nlohmann::json& body, Protocol protocol, CollectedAnswer& collected) {
  if (protocol == Protocol::anthropic) {
    collect_anthropic_answer(body, collected);
  } else {
    collect_openai_answer(body, collected);
  }
}

void collect_event(const nlohmann::json& event, Protocol protocol, CollectedAnswer& collected) {
  if (protocol == Protocol::anthropic) {
    collect_anthropic_event(event, collected);
  } else {
    collect_openai_event(event, collected);
  }
}

void complete_answer(ChatAnswer& answer) {
  split_reasoning(answer);
  replace_nul(answer.text);
  replace_nul(answer.reasoning);
  replace_nul(answer.refusal);
  complete_usage(answer, answer.usage);
}

}  // namespace lumi::chat
