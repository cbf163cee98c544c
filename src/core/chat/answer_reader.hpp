#pragma once
#include "base/clock.hpp"
#include "core/chat/chat_answer.hpp"
#include "core/chat/sse_parser.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace lumi::net {
struct HttpAnswer;
}

namespace lumi::chat {

struct AnswerContext;
struct CollectedAnswer;

/// Reads an answer that came at once. `now` is when it came. Never throws for what a server sent.
Outcome read_answer(const net::HttpAnswer& answer, const AnswerContext& context, Timestamp now);

/// Reads an answer that comes piece by piece; one that comes at once although a stream was asked for, too.
class StreamReader {
public:
  /// A reader for one answer; `context` must outlive it.
  explicit StreamReader(const AnswerContext& context);
  ~StreamReader();
  StreamReader(StreamReader&&) noexcept;
  StreamReader& operator=(StreamReader&&) noexcept;

  /// Takes the next piece of the body, which came `elapsed` after the request was started.
  void take(std::string_view piece, std::chrono::microseconds elapsed);

  /// What came of it, once the transfer is over. `answer` is the transfer's, whose body is what `take` did not get.
  Outcome finish(const net::HttpAnswer& answer, Timestamp now);

private:
  enum class Form { unknown, events, whole };

  void take_event(std::string_view data, std::chrono::microseconds elapsed);

  const AnswerContext* context_;
  Form form_ = Form::unknown;
  std::string body_;  ///< of an answer that is no stream, or of whose form too little is known
  SseParser events_;
  std::unique_ptr<CollectedAnswer> collected_;
};

}  // namespace lumi::chat
