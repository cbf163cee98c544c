#pragma once
#include "core/chat/chat_answer.hpp"
#include "core/chat/error_fields.hpp"
#include "core/chat/provider.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace lumi::chat {

/// What has been read of an answer so far.
struct CollectedAnswer {
  ChatAnswer answer;
  std::optional<ErrorFields> error;
  bool has_choice = false;   ///< the model began to say something, be it nothing
  bool is_finished = false;  ///< the model, or the stream, says that this was all
  bool is_broken = false;    ///< something could not be read
};

/// Reads the whole answer `body`, a JSON object, of a server with OpenAI's or Anthropic's protocol.
void collect_answer(const nlohmann::json& body, Protocol protocol, CollectedAnswer& collected);

/// Reads one event of a streamed answer.
void collect_event(const nlohmann::json& event, Protocol protocol, CollectedAnswer& collected);

void collect_openai_answer(const nlohmann::json& body, CollectedAnswer& collected);
void collect_openai_event(const nlohmann::json& event, CollectedAnswer& collected);
void collect_anthropic_answer(const nlohmann::json& body, CollectedAnswer& collected);
void collect_anthropic_event(const nlohmann::json& event, CollectedAnswer& collected);

/// Mends what can only be mended at the end: takes the reasoning out of the text, completes the counts.
void complete_answer(ChatAnswer& answer);

}  // namespace lumi::chat
