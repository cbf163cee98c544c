#include "core/chat/collected_answer.hpp"
#include "core/chat/json_fields.hpp"

#include <nlohmann/json.hpp>

namespace lumi::chat {

namespace {

using Json = nlohmann::json;

void append_text_of(const Json& part, std::string& out) {
  if (part.is_string()) {
    out += part.get_ref<const std::string&>();
  } else if (part.is_object()) {
    out += text_at(part, "text");
  }
}

// A text, or a list of parts: texts, refusals, and what the model thought (Mistral: a list of texts again).
void read_content(const Json& content, ChatAnswer& answer) {
  if (content.is_string()) {
    answer.text += content.get_ref<const std::string&>();
    return;
  }
  if (!content.is_array()) {
    return;
  }
  for (const auto& part : content) {
    const auto type = part.is_object() ? text_at(part, "type") : std::string("text");
    if (type == "refusal") {
      answer.refusal += text_at(part, "refusal");
    } else if (type == "thinking") {
      answer.reasoning += text_at(part, "thinking");
      if (const auto* thoughts = list_at(part, "thinking")) {
        for (const auto& thought : *thoughts) {
          append_text_of(thought, answer.reasoning);
        }
      }
    } else {
      append_text_of(part, answer.text);
    }
  }
}

void read_message(const Json& message, ChatAnswer& answer) {
  if (const auto content = message.find("content"); content != message.end()) {
    read_content(*content, answer);
  }
  const auto reasoning = text_at(message, "reasoning_content");
  answer.reasoning += reasoning.empty() ? text_at(message, "reasoning") : reasoning;
  answer.refusal += text_at(message, "refusal");
}

void read_openai_usage(const Json& body, Usage& usage) {
  const auto* fields = object_at(body, "usage");
  if (fields == nullptr) {
    return;
  }
  const auto take = [](const Json& object, const char* key, std::optional<std::int64_t>& into) {
    if (const auto count = count_at(object, key)) {
      into = count;
    }
  };
  take(*fields, "prompt_tokens", usage.prompt_tokens);
  take(*fields, "completion_tokens", usage.completion_tokens);
  take(*fields, "total_tokens", usage.total_tokens);
  take(*fields, "prompt_cache_hit_tokens", usage.cached_tokens);  // DeepSeek
  if (const auto* details = object_at(*fields, "completion_tokens_details")) {
    take(*details, "reasoning_tokens", usage.reasoning_tokens);
  }
  if (const auto* details = object_at(*fields, "prompt_tokens_details")) {
    take(*details, "cached_tokens", usage.cached_tokens);
  }
}

void take_text(const Json& object, const char* key, std::string& into) {
  if (auto text = text_at(object, key); !text.empty()) {
    into = std::move(text);
  }
}

void read_frame(const Json& body, ChatAnswer& answer) {
  take_text(body, "model", answer.model);
  take_text(body, "system_fingerprint", answer.system_fingerprint);
  take_text(body, "id", answer.request_id);  // of the answer; a header with the request's own id wins later
  read_openai_usage(body, answer.usage);
}

const Json* first_choice(const Json& body) {
  const auto* choices = list_at(body, "choices");
  if (choices == nullptr || choices->empty() || !choices->front().is_object()) {
    return nullptr;
  }
  return count_at(choices->front(), "index").value_or(0) == 0 ? &choices->front() : nullptr;
}

void read_choice(const Json& choice, const char* message_key, CollectedAnswer& collected) {
  collected.has_choice = true;
  if (const auto* message = object_at(choice, message_key)) {
    read_message(*message, collected.answer);
  } else {
    collected.answer.text += text_at(choice, "text");
  }
  if (auto reason = text_at(choice, "finish_reason"); !reason.empty()) {
    collected.answer.finish_reason = std::move(reason);
    collected.is_finished = true;
  }
}

}  // namespace

void collect_openai_answer(const Json& body, CollectedAnswer& collected) {
  read_frame(body, collected.answer);
  collected.is_finished = true;
  if (const auto* choice = first_choice(body)) {
    read_choice(*choice, "message", collected);
  }
}

void collect_openai_event(const Json& event, CollectedAnswer& collected) {
  read_frame(event, collected.answer);
  if (const auto* choice = first_choice(event)) {
    read_choice(*choice, choice->contains("message") && !choice->contains("delta") ? "message" : "delta", collected);
  }
}

}  // namespace lumi::chat
