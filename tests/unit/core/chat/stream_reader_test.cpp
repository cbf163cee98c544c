#include "core/chat/answer_reader.hpp"
#include "core/chat/chat_request.hpp"
#include "support/fake_http_client.hpp"
#include "support/texts.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lumi;
using namespace lumi::chat;
using evaluation::SampleStatus;
using Action = Verdict::Action;
using net::TransportFault;
using std::chrono::microseconds;

namespace {

const AnswerContext k_openai = {Protocol::openai, {"stream_options", "temperature"}, ""};
const AnswerContext k_anthropic = {Protocol::anthropic, {}, ""};

net::HttpAnswer transfer(TransportFault fault = TransportFault::none) {
  net::HttpAnswer answer;
  answer.status = 200;
  answer.fault = fault;
  answer.fault_text = fault == TransportFault::none ? "" : "it broke";
  answer.head = "x-request-id: r1\r\n";
  answer.total = std::chrono::seconds(9);
  return answer;
}

Outcome read_in_pieces(const std::string& text, std::size_t size, const AnswerContext& context, TransportFault fault) {
  StreamReader reader(context);
  std::int64_t piece = 0;
  for (std::size_t at = 0; at < text.size(); at += size) {
    reader.take(std::string_view(text).substr(at, size), microseconds(++piece));
  }
  return reader.finish(transfer(fault), {});
}

// What comes of a stream: the same, in whichever pieces it comes.
Outcome
read(const std::string& text, const AnswerContext& context = k_openai, TransportFault fault = TransportFault::none) {
  auto whole = read_in_pieces(text, text.size() + 1, context, fault);
  for (std::size_t size = 1; size < text.size(); size = size < 9 ? size + 1 : size * 2) {
    const auto pieces = read_in_pieces(text, size, context, fault);
    CHECK(pieces.verdict.action == whole.verdict.action);
    CHECK(pieces.verdict.reason == whole.verdict.reason);
    CHECK(pieces.answer.text == whole.answer.text);
    CHECK(pieces.answer.reasoning == whole.answer.reasoning);
    CHECK(pieces.answer.usage == whole.answer.usage);
    CHECK(pieces.answer.finish_reason == whole.answer.finish_reason);
  }
  return whole;
}

std::string event(const std::string& json) { return "data: " + json + "\n\n"; }

std::string delta(const std::string& members, const std::string& finish = "null") {
  return event(R"({"id":"c1","model":"m","system_fingerprint":"fp","choices":[{"index":0,"delta":{)" + members +
               R"(},"finish_reason":)" + finish + "}]}");
}

const std::string k_done = "data: [DONE]\n\n";
const std::string k_usage =
    event(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})");
const std::string k_hello = delta(R"("role":"assistant","content":null)") + delta(R"("content":"Hel")") +
                            delta("\"content\":\"l\xC3\xB6\"") + delta("", "\"stop\"");

}  // namespace

TEST_CASE("a stream is put together, with usage, whatever ends its lines") {
  for (const char* line_end : {"\n", "\r\n", "\r"}) {
    const auto outcome = read(lumi::test::with_line_ends(": processing\n\n" + k_hello + k_usage + k_done, line_end));
    CHECK(outcome.verdict.action == Action::accept);
    CHECK(outcome.answer.text == "Hel"
                                 "l\xC3\xB6");
    CHECK(outcome.answer.finish_reason == "stop");
    CHECK(outcome.answer.model == "m");
    CHECK(outcome.answer.system_fingerprint == "fp");
    CHECK(outcome.answer.request_id == "r1");
    CHECK(outcome.answer.usage == Usage{3, 2, 5, 0, std::nullopt, false});
    CHECK(outcome.answer.latency == std::chrono::seconds(9));
    CHECK(outcome.answer.status() == SampleStatus::ok);
  }
}

TEST_CASE("the time to the first token is that of the first text or thought") {
  StreamReader reader(k_openai);
  reader.take(": keep-alive\n\n", microseconds(10));
  reader.take(delta(R"("role":"assistant","content":"")"), microseconds(20));
  reader.take(delta(R"("reasoning_content":"hm")"), microseconds(30));
  reader.take(delta(R"("content":"x")", "\"stop\"") + k_done, microseconds(40));
  const auto outcome = reader.finish(transfer(), {});
  CHECK(outcome.answer.first_token == microseconds(30));
  CHECK(outcome.answer.reasoning == "hm");
}

TEST_CASE("a stream ends by a reason or by [DONE], once or more often") {
  CHECK(read(k_hello).verdict.action == Action::accept);
  CHECK(read(k_hello + k_done + k_done + k_done).answer.text == read(k_hello).answer.text);
  CHECK(read(delta(R"("content":"x")") + k_done).verdict.action == Action::accept);
  CHECK(read(k_hello + "data: [DONE]").verdict.action == Action::accept);
  CHECK(read(k_hello + "data:[DONE] \n").verdict.action == Action::accept);
  CHECK(read(delta(R"("content":"x")", "\"length\"")).answer.status() == SampleStatus::truncated);
  CHECK(read(delta("", "\"stop\"") + k_done).answer.status() == SampleStatus::empty);
}

TEST_CASE("a stream that just ends was cut") {
  for (const auto& text : {delta(R"("content":"x")"),
                           delta(R"("content":"x")") + "data: {\"cho",
                           delta(R"("content":"x")") + k_usage,
                           std::string(": keep-alive\n\n")}) {
    const auto outcome = read(text);
    CHECK(outcome.verdict.action == Action::retry);
  }
  const auto cut = read(delta(R"("content":"x")"));
  CHECK(cut.verdict.kind == FailureKind::connection);
  CHECK(cut.verdict.reason == "HTTP 200: the stream ended before the answer did");
  CHECK(read(delta(R"("content":"x")") + "data: {\"cho").verdict.reason ==
        "HTTP 200: an event of the stream is no JSON");
}

TEST_CASE("a fault of the transfer counts unless the answer was whole") {
  const auto cut = read(delta(R"("content":"x")"), k_openai, TransportFault::cut);
  CHECK(cut.verdict.action == Action::retry);
  CHECK(cut.verdict.kind == FailureKind::connection);
  CHECK(cut.verdict.reason == "it broke");
  CHECK(read(k_hello, k_openai, TransportFault::cut).verdict.action == Action::accept);
  CHECK(read(k_hello + k_usage + k_done, k_openai, TransportFault::timed_out).answer.usage.is_known());
  CHECK(read(k_hello, k_openai, TransportFault::cancelled).verdict.kind == FailureKind::cancelled);
  CHECK(read("", k_openai, TransportFault::cannot_connect).verdict.kind == FailureKind::connection);
}

TEST_CASE("an error inside a stream is the answer, whatever came before it") {
  const auto start = delta(R"("content":"half an ")");
  auto verdict = read(start + event(R"({"error":{"message":"down","type":"server_error"}})") + k_done).verdict;
  CHECK(verdict.action == Action::retry);
  CHECK(verdict.kind == FailureKind::server);
  CHECK(verdict.reason == "HTTP 200 with an error: down (server_error)");
  verdict = read(start + event(R"({"error":{"message":"slow","code":"rate_limit_exceeded"}})")).verdict;
  CHECK(verdict.kind == FailureKind::rate_limit);
  verdict = read(start + event(R"({"error":{"message":"pay","code":"insufficient_quota"}})")).verdict;
  CHECK(verdict.kind == FailureKind::quota);
  CHECK(verdict.action == Action::fail);
  verdict = read(start + event(R"({"object":"error","message":"m","code":503})")).verdict;
  CHECK(verdict.action == Action::retry);
  CHECK(read(start + event(R"({"error":{"code":"content_filter","message":"no"}})")).answer.status() ==
        SampleStatus::refused);
}

TEST_CASE("an answer that comes at once although a stream was asked for is read") {
  const std::string body = R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]})";
  CHECK(read(body).answer.text == "x");
  CHECK(read("\n\n  " + body).answer.text == "x");
  CHECK(read("{}").verdict.action == Action::fail);
  CHECK(read("<html>no</html>").verdict.action == Action::retry);
  CHECK(read("").verdict.reason == "HTTP 200: an empty answer");
  CHECK(read("\n\n").verdict.reason == "HTTP 200: an empty answer");
}

TEST_CASE("an answer with another status comes with the transfer") {
  StreamReader reader(k_openai);
  auto answer = test::http_answer(400, R"({"error":{"message":"Unknown parameter: 'stream_options'","param":null}})");
  const auto outcome = reader.finish(answer, {});
  CHECK(outcome.verdict.action == Action::adjust);
  CHECK(outcome.verdict.adjustment == Adjustment{"stream_options", ""});
}

TEST_CASE("the parts of several choices are not mixed, odd events do no harm") {
  CHECK(read(event(R"({"choices":[{"index":1,"delta":{"content":"other"}}]})") + k_hello + k_done).answer.text ==
        read(k_hello).answer.text);
  CHECK(read(event("{}") + event(R"({"choices":null})") + event(R"({"choices":[{}]})") + k_hello).answer.text ==
        read(k_hello).answer.text);
  CHECK(read("data: \n\n" + k_hello).answer.text == read(k_hello).answer.text);
  CHECK(read("event: message\nid: 1\n" + k_hello).answer.text == read(k_hello).answer.text);
  CHECK(read(k_done).verdict.action == Action::fail);
}

TEST_CASE("Anthropic's stream is put together") {
  const std::string start = "event: message_start\n" +
                            event(R"({"type":"message_start","message":{"id":"msg_1","type":"message","model":"claude",
"content":[],"stop_reason":null,"usage":{"input_tokens":25,"output_tokens":1}}})");
  // A line break inside an event's JSON would end its line: the test's own formatting must not have one.
  const auto one_line = [](std::string text) {
    for (auto at = text.find(",\n"); at != std::string::npos; at = text.find(",\n")) {
      text.erase(at + 1, 1);
    }
    return text;
  };
  const std::string text =
      one_line(start) + "event: content_block_start\n" +
      event(R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}})") +
      event(R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}})") +
      event(R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}})") +
      "event: ping\n" + event(R"({"type":"ping"})") +
      event(R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}})") +
      event(R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hel"}})") +
      event(R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"lo"}})") +
      event(R"({"type":"content_block_stop","index":1})");
  const std::string end =
      event(R"({"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":15}})") +
      event(R"({"type":"message_stop"})");
  const auto outcome = read(text + end, k_anthropic);
  CHECK(outcome.verdict.action == Action::accept);
  CHECK(outcome.answer.text == "Hello");
  CHECK(outcome.answer.reasoning == "hm");
  CHECK(outcome.answer.status() == SampleStatus::truncated);
  CHECK(outcome.answer.usage.prompt_tokens == 25);
  CHECK(outcome.answer.usage.completion_tokens == 15);
  CHECK(outcome.answer.usage.total_tokens == 40);
  CHECK(read(text, k_anthropic).verdict.action == Action::retry);
  const auto broken =
      read(text + event(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"), k_anthropic);
  CHECK(broken.verdict.action == Action::retry);
  CHECK(broken.verdict.reason == "HTTP 200 with an error: Overloaded (overloaded_error)");
}
