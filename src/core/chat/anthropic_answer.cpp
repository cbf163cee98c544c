#include "core/chat/collected_answer.hpp"
#include "core/chat/json_fields.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace lumi::chat {

namespace {

using Json = nlohmann::json;

// Anthropic's reasons to stop in OpenAI's words; one that is not listed stays as it is.
std::string finish_reason_of(const std::string& stop_reason) {
  struct Named {
    std::string_view from;
    std::string_view to;
  };
  constexpr std::array<Named, 6> k_reasons{{{"end_turn", "stop"},
                                            {"stop_sequence", "stop"},
                                            {"max_tokens", "length"},
                                            {"model_context_window_exceeded", "length"},
                                            {"tool_use", "tool_calls"},
                                            {"refusal", "content_filter"}}};
  const auto* found =
      std::find_if(k_reasons.begin(), k_reasons.end(), [&](const auto& reason) { return reason.from == stop_reason; });
  return found == k_reasons.end() ? stop_reason : std::string(found->to);
}

void read_block(const Json& block, ChatAnswer& answer) {
  const auto type = text_at(block, "type");
  if (type == "text" || type == "text_delta") {
    answer.text += text_at(block, "text");
  } else if (type == "thinking" || type == "thinking_delta") {
    answer.reasoning += text_at(block, "thinking");
  }
}

// What was written to or read from the cache is part of the prompt, but not of input_tokens.
void read_anthropic_usage(const Json& holder, Usage& usage) {
  const auto* fields = object_at(holder, "usage");
  if (fields == nullptr) {
    return;
  }
  if (const auto input = count_at(*fields, "input_tokens")) {
    const auto read = count_at(*fields, "cache_read_input_tokens").value_or(0);
    usage.prompt_tokens = *input + read + count_at(*fields, "cache_creation_input_tokens").value_or(0);
    usage.cached_tokens = read;
  }
  if (const auto output = count_at(*fields, "output_tokens")) {
    usage.completion_tokens = output;
  }
}

void read_stop_reason(const Json& holder, CollectedAnswer& collected) {
  const auto reason = text_at(holder, "stop_reason");
  if (!reason.empty()) {
    collected.answer.finish_reason = finish_reason_of(reason);
    collected.is_finished = true;
  }
}

void read_start(const Json& message, CollectedAnswer& collected) {
  auto& answer = collected.answer;
  answer.model = text_at(message, "model");
  answer.request_id = text_at(message, "id");
  read_anthropic_usage(message, answer.usage);
  if (const auto* blocks = list_at(message, "content")) {
    collected.has_choice = true;
    for (const auto& block : *blocks) {
      if (block.is_object()) {
        read_block(block, answer);
      }
    }
  }
  read_stop_reason(message, collected);
}

}  // namespace

void collect_anthropic_answer(const Json& body, CollectedAnswer& collected) {
  read_start(body, collected);
  collected.is_finished = true;
}

void collect_anthropic_event(const Json& event, CollectedAnswer& collected) {
  const auto type = text_at(event, "type");
  if (type == "message_start") {
    if (const auto* message = object_at(event, "message")) {
      read_start(*message, collected);
    }
  } else if (type == "content_block_start") {
    if (const auto* block = object_at(event, "content_block")) {
      collected.has_choice = true;
      read_block(*block, collected.answer);
    }
  } else if (type == "content_block_delta") {
    if (const auto* delta = object_at(event, "delta")) {
      collected.has_choice = true;
      read_block(*delta, collected.answer);
    }
  } else if (type == "message_delta") {
    if (const auto* delta = object_at(event, "delta")) {
      read_stop_reason(*delta, collected);
    }
    read_anthropic_usage(event, collected.answer.usage);
  } else if (type == "message_stop") {
    collected.is_finished = true;
  }
}

}  // namespace lumi::chat
