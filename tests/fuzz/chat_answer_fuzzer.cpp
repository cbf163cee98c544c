#include "base/text.hpp"
#include "core/chat/answer_reader.hpp"
#include "core/chat/chat_request.hpp"
#include "net/http_client.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace lumi;
using Action = chat::Verdict::Action;

void check(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void check(const chat::Outcome& outcome, const chat::AnswerContext& context) {
  const auto& verdict = outcome.verdict;
  check((verdict.action == Action::accept) == (verdict.kind == chat::FailureKind::none));
  check((verdict.action == Action::adjust) == verdict.adjustment.has_value());
  check(verdict.action == Action::accept || !verdict.reason.empty());
  if (verdict.adjustment) {
    const auto& names = context.parameters;
    check(std::find(names.begin(), names.end(), verdict.adjustment->parameter) != names.end());
  }
  for (const auto& text : {outcome.answer.text, outcome.answer.reasoning, outcome.answer.refusal}) {
    check(!find_invalid_utf8(text) && text.find('\0') == std::string::npos);
  }
  const auto& usage = outcome.answer.usage;
  for (const auto& count : {usage.prompt_tokens, usage.completion_tokens, usage.total_tokens, usage.reasoning_tokens}) {
    check(count.value_or(0) >= 0);
  }
}

chat::Outcome stream(std::string_view body, std::size_t piece, const chat::AnswerContext& context) {
  chat::StreamReader reader(context);
  for (std::size_t at = 0; at < body.size(); at += piece) {
    reader.take(body.substr(at, piece), std::chrono::microseconds(1));
  }
  net::HttpAnswer answer;
  answer.status = 200;
  return reader.finish(answer, {});
}

}  // namespace

// The first byte chooses the protocol, the size of the pieces and the status; the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  chat::AnswerContext context;
  context.protocol = (data[0] & 1U) != 0 ? chat::Protocol::anthropic : chat::Protocol::openai;
  context.parameters = {"max_tokens", "temperature", "top_p", "seed"};
  const auto whole = stream(body, body.size() + 1, context);
  const auto pieces = stream(body, 1 + (data[0] >> 1U) % 16U, context);
  check(whole, context);
  check(pieces, context);
  check(whole.verdict.action == pieces.verdict.action && whole.verdict.reason == pieces.verdict.reason);
  check(whole.answer.text == pieces.answer.text && whole.answer.usage == pieces.answer.usage);
  net::HttpAnswer answer;
  answer.body = body;
  for (const int status : {200, 400, 422, 429, 500}) {
    answer.status = status;
    check(chat::read_answer(answer, context, {}), context);
  }
  return 0;
}
