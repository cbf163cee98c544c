#pragma once
#include "core/chat/failure.hpp"
#include "core/evaluation/sample_status.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace lumi::chat {

/// Tokens that an answer took, as far as the server says.
struct Usage {
  std::optional<std::int64_t> prompt_tokens;
  std::optional<std::int64_t> completion_tokens;
  std::optional<std::int64_t> total_tokens;
  std::optional<std::int64_t> reasoning_tokens;  ///< part of completion_tokens
  std::optional<std::int64_t> cached_tokens;     ///< part of prompt_tokens
  bool reasoning_is_estimated = false;           ///< words / 0.75: the server did not count

  /// Whether the server counted at all: prompt, completion and total are known then.
  bool is_known() const { return prompt_tokens && completion_tokens && total_tokens; }

  /// completion_tokens without reasoning_tokens, at least 0; nothing if unknown.
  std::optional<std::int64_t> answer_tokens() const;

  bool operator==(const Usage&) const = default;
};

/// What a model said.
struct ChatAnswer {
  std::string text;
  std::string reasoning;
  std::string refusal;             ///< why the model or its filter would not answer
  std::string finish_reason;       ///< in OpenAI's words (stop, length, content_filter, tool_calls); may be empty
  std::string model;               ///< as the server calls it
  std::string system_fingerprint;  ///< empty: not given
  std::string request_id;          ///< empty: not given
  Usage usage;
  std::chrono::microseconds latency{0};
  std::optional<std::chrono::microseconds> first_token;  ///< of a stream: from start to its first text

  /// refused, truncated, empty or ok.
  evaluation::SampleStatus status() const;
};

/// What came of a request: `answer` counts if `verdict.action` is accept.
struct Outcome {
  Verdict verdict;
  ChatAnswer answer;
};

}  // namespace lumi::chat
