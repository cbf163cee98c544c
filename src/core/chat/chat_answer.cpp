#include "core/chat/chat_answer.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace lumi::chat {

std::optional<std::int64_t> Usage::answer_tokens() const {
  return completion_tokens ? std::optional(std::max<std::int64_t>(0, *completion_tokens - reasoning_tokens.value_or(0)))
                           : std::nullopt;
}

evaluation::SampleStatus ChatAnswer::status() const {
  using evaluation::SampleStatus;
  if (finish_reason == "content_filter" || (!refusal.empty() && is_blank(text))) {
    return SampleStatus::refused;
  }
  if (finish_reason == "length") {
    return SampleStatus::truncated;
  }
  return is_blank(text) ? SampleStatus::empty : SampleStatus::ok;
}

}  // namespace lumi::chat
