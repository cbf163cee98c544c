#include "core/chat/answer_reader.hpp"
#include "core/chat/chat_request.hpp"
#include "support/fake_http_client.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lumi;
using namespace lumi::chat;
using evaluation::SampleStatus;
using Action = Verdict::Action;

namespace {

constexpr Timestamp k_now{1'748'768'160'000'000};

const AnswerContext k_openai = {
    Protocol::openai, {"max_tokens", "frequency_penalty", "temperature", "top_p", "seed", "stream_options"}, ""};
const AnswerContext k_anthropic = {Protocol::anthropic, {"max_tokens", "temperature", "top_p"}, ""};

Outcome read(std::string body, const AnswerContext& context = k_openai, std::string head = {}) {
  auto answer = test::http_answer(200, std::move(body), std::move(head));
  answer.total = std::chrono::milliseconds(1500);
  return read_answer(answer, context, k_now);
}

ChatAnswer accepted(std::string body, const AnswerContext& context = k_openai, std::string head = {}) {
  auto outcome = read(body, context, std::move(head));
  CHECK_MESSAGE(outcome.verdict.action == Action::accept, body << " " << outcome.verdict.reason);
  return std::move(outcome.answer);
}

// An answer whose message has these members.
std::string with_message(const std::string& members, const std::string& rest = R"(,"finish_reason":"stop")") {
  return R"({"choices":[{"index":0,"message":{)" + members + "}" + rest + "}]}";
}

ChatAnswer with_text(const std::string& json_text, const std::string& usage) {
  return accepted(R"({"choices":[{"message":{"content":)" + json_text + R"(},"finish_reason":"stop"}],"usage":)" +
                  usage + "}");
}

}  // namespace

TEST_CASE("an answer of OpenAI's is kept with all that is worth keeping") {
  const auto answer = accepted(
      R"({"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,
      "message":{"role":"assistant","content":"Hello.","refusal":null},"logprobs":null,"finish_reason":"stop"}],
      "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,
      "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}},
      "system_fingerprint":"fp_1","service_tier":"default"})",
      k_openai,
      "Content-Type: application/json\r\nx-request-id: req_1\r\n");
  CHECK(answer.text == "Hello.");
  CHECK(answer.reasoning.empty());
  CHECK(answer.refusal.empty());
  CHECK(answer.finish_reason == "stop");
  CHECK(answer.model == "gpt-4o-mini-2024-07-18");
  CHECK(answer.system_fingerprint == "fp_1");
  CHECK(answer.request_id == "req_1");
  CHECK(answer.usage == Usage{10, 5, 15, 2, 4, false});
  CHECK(answer.usage.answer_tokens() == 3);
  CHECK(answer.latency == std::chrono::milliseconds(1500));
  CHECK_FALSE(answer.first_token);
  CHECK(answer.status() == SampleStatus::ok);
}

TEST_CASE("without a header of its own the request is known by the answer's id") {
  CHECK(accepted(R"({"id":"cmpl-7","choices":[{"message":{"content":"x"}}]})").request_id == "cmpl-7");
}

TEST_CASE("the type of the content and white space before it do not matter") {
  const auto body = with_message(R"("content":"x")");
  for (const char* type :
       {"", "text/plain", "text/html; charset=utf-8", "application/octet-stream", "text/event-stream"}) {
    CHECK(accepted(body, k_openai, "Content-Type: " + std::string(type) + "\r\n").text == "x");
  }
  CHECK(accepted("\n\n \r\n\t\n" + body).text == "x");
  CHECK(accepted(std::string(100'000, '\n') + body + "\n\n").text == "x");
  CHECK(accepted("\xEF\xBB\xBF" + body).text == "x");
}

TEST_CASE("content is a text, null, absent or a list of parts") {
  CHECK(accepted(with_message(R"("content":null)")).status() == SampleStatus::empty);
  CHECK(accepted(with_message(R"("role":"assistant")")).status() == SampleStatus::empty);
  CHECK(accepted(with_message(R"("content":" \n")")).status() == SampleStatus::empty);
  CHECK(accepted(with_message(R"("content":17)")).status() == SampleStatus::empty);
  CHECK(
      accepted(with_message(R"("content":[{"type":"text","text":"a"},{"type":"text","text":"b"},"c",7,null])")).text ==
      "abc");
  const auto thought = accepted(with_message(
      R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"hm "},{"type":"text","text":"so"}]},
      {"type":"text","text":"a"}])"));
  CHECK(thought.text == "a");
  CHECK(thought.reasoning == "hm so");
  CHECK(accepted(R"({"choices":[{"text":"old form","finish_reason":"stop"}]})").text == "old form");
}

TEST_CASE("a refusal is a refusal, in whichever way it is said") {
  const auto said = accepted(with_message(R"("content":null,"refusal":"I cannot.")"));
  CHECK(said.status() == SampleStatus::refused);
  CHECK(said.refusal == "I cannot.");
  const auto part = accepted(with_message(R"("content":[{"type":"refusal","refusal":"No."}])"));
  CHECK(part.status() == SampleStatus::refused);
  CHECK(accepted(with_message(R"("content":"half")", R"(,"finish_reason":"content_filter")")).status() ==
        SampleStatus::refused);
  // A word beside a real answer is no refusal of it.
  CHECK(accepted(with_message(R"("content":"text","refusal":"")")).status() == SampleStatus::ok);
}

TEST_CASE("the reason to stop decides what is truncated") {
  const auto status = [](const char* reason) {
    return accepted(with_message(R"("content":"x")", R"(,"finish_reason":)" + std::string(reason))).status();
  };
  CHECK(status("\"stop\"") == SampleStatus::ok);
  CHECK(status("\"length\"") == SampleStatus::truncated);
  CHECK(status("\"tool_calls\"") == SampleStatus::ok);
  CHECK(status("null") == SampleStatus::ok);
  CHECK(status("\"never heard of\"") == SampleStatus::ok);
  CHECK(accepted(with_message(R"("content":"")", R"(,"finish_reason":"length")")).status() == SampleStatus::truncated);
}

TEST_CASE("reasoning has a field of one of two names") {
  CHECK(accepted(with_message(R"("content":"a","reasoning_content":"because")")).reasoning == "because");
  CHECK(accepted(with_message(R"("content":"a","reasoning":"because")")).reasoning == "because");
  CHECK(accepted(with_message(R"("content":"a","reasoning_content":null,"reasoning":"r")")).reasoning == "r");
  CHECK(accepted(with_message(R"("content":"a","reasoning_content":"x","reasoning":"y")")).reasoning == "x");
  // Where there is a field, a tag in the text is text.
  const auto both = accepted(with_message(R"("content":"a</think>b","reasoning":"r")"));
  CHECK(both.text == "a</think>b");
}

TEST_CASE("reasoning in the text ends at its last tag") {
  const auto split = [](const char* text) {
    const auto answer = accepted(with_message(R"("content":")" + std::string(text) + "\""));
    return answer.reasoning + "|" + answer.text;
  };
  CHECK(split(R"(<think>\nhm\n</think>\n\nanswer\n)") == "hm|answer");
  CHECK(split("no start</think>answer") == "no start|answer");
  CHECK(split("<think>a tag </think> is quoted</think>answer") == "a tag </think> is quoted|answer");
  CHECK(split("</think>answer") == "|answer");
  CHECK(split(R"(<think>only\u00a0</think>\u3000)") == "only|");
  CHECK(split("<think>never closed") == "|<think>never closed");
  CHECK(split(R"( kept as it is\n)") == "| kept as it is\n");
}

TEST_CASE("reasoning that the server did not count is estimated as Lumigator does, and flagged") {
  const auto tagged = with_text(R"("<think>one two three four</think>five")",
                                R"({"prompt_tokens":10,"completion_tokens":20,"total_tokens":30})");
  CHECK(tagged.usage == Usage{10, 20, 30, 5, std::nullopt, true});  // 4 / 0.75 = 5.33
  CHECK(tagged.usage.answer_tokens() == 15);
  const auto none = with_text(R"("plain")", R"({"prompt_tokens":10,"completion_tokens":20,"total_tokens":30})");
  CHECK(none.usage == Usage{10, 20, 30, 0, std::nullopt, false});
  const auto more = with_text(R"("<think>one two three four</think>")",
                              R"({"prompt_tokens":1,"completion_tokens":2,"total_tokens":3})");
  CHECK(more.usage.answer_tokens() == 0);
}

TEST_CASE("usage may be absent, partly or wholly, or nonsense") {
  CHECK(accepted(with_message(R"("content":"x")")).usage == Usage{});
  CHECK_FALSE(accepted(with_message(R"("content":"x")")).usage.is_known());
  for (const char* usage : {"null",
                            "[]",
                            "7",
                            "{}",
                            R"({"prompt_tokens":null})",
                            R"({"prompt_tokens":-1})",
                            R"({"prompt_tokens":"3"})",
                            R"({"prompt_tokens":1.5})",
                            R"({"prompt_tokens":1e300})"}) {
    CHECK_MESSAGE(with_text("\"x\"", usage).usage == Usage{}, usage);
  }
  CHECK(with_text("\"x\"", R"({"prompt_tokens":3,"completion_tokens":4})").usage.total_tokens == 7);
  CHECK(with_text("\"x\"", R"({"prompt_tokens":3,"total_tokens":7})").usage.completion_tokens == 4);
  CHECK(with_text("\"x\"", R"({"prompt_tokens":3.0,"completion_tokens":4,"total_tokens":7,
      "completion_tokens_details":null,"prompt_tokens_details":null})")
            .usage.is_known());
  CHECK(with_text("\"x\"", R"({"prompt_tokens":3,"prompt_cache_hit_tokens":2})").usage.cached_tokens == 2);
}

TEST_CASE("characters that texts cannot have become U+FFFD") {
  CHECK(accepted(with_message(R"("content":"a\u0000b")")).text == "a\xEF\xBF\xBD"
                                                                  "b");
  CHECK(accepted(with_message(R"("content":"\ud83d\ude00 \ud83d x \\ud83d")")).text ==
        "\xF0\x9F\x98\x80 \xEF\xBF\xBD x \\ud83d");
  CHECK(accepted(with_message(R"("content":"\ude00")")).text == "\xEF\xBF\xBD");
  CHECK(accepted(with_message("\"content\":\"a\xFFz\"")).text == "a\xEF\xBF\xBDz");
}

TEST_CASE("an answer that is not whole is worth another try") {
  for (const char* body : {"",
                           "   \n",
                           R"({"choices":[{"message":{"content":"hal)",
                           "<html><body>ok</body></html>",
                           "OK",
                           "[]",
                           "null",
                           "17",
                           R"({"a":1}{"b":2})"}) {
    const auto outcome = read(body);
    CHECK_MESSAGE(outcome.verdict.action == Action::retry, body);
    CHECK_MESSAGE(outcome.verdict.kind == FailureKind::server, body);
    CHECK(outcome.verdict.status == 200);
    CHECK(outcome.verdict.reason.starts_with("HTTP 200: "));
  }
}

TEST_CASE("an answer that the server gave up is worth another try") {
  for (const char* reason : {"insufficient_system_resource", "error", "abort"}) {
    const auto outcome = read(with_message(R"("content":"half")", R"(,"finish_reason":")" + std::string(reason) + '"'));
    CHECK(outcome.verdict.action == Action::retry);
    CHECK(outcome.verdict.reason == "HTTP 200: the server gave up (" + std::string(reason) + ")");
  }
}

TEST_CASE("an answer without an answer in it is an error of the sample") {
  for (const char* body : {"{}",
                           R"({"choices":[]})",
                           R"({"choices":null})",
                           R"({"choices":{}})",
                           R"({"choices":[7]})",
                           R"({"status":"ok"})"}) {
    const auto outcome = read(body);
    CHECK_MESSAGE(outcome.verdict.action == Action::fail, body);
    CHECK(outcome.verdict.reason == "HTTP 200: no answer of a model in it");
  }
  const AnswerContext advised = {Protocol::openai, {}, "end it in /v1"};
  CHECK(read("{}", advised).verdict.reason == "HTTP 200: no answer of a model in it (end it in /v1)");
}

TEST_CASE("deep nesting is read or refused, but survived") {
  const std::string deep(200'000, '[');
  CHECK(read(deep).verdict.action == Action::retry);
  CHECK(
      read(with_message(R"("content":"x","extra":)" + std::string(5'000, '[') + std::string(5'000, ']'))).answer.text ==
      "x");
}

TEST_CASE("an error in a good answer counts as the error that it is") {
  const auto verdict = [](const char* body) { return read(body).verdict; };
  auto late = verdict(R"({"error":{"message":"busy","type":"overloaded_error","code":null}})");
  CHECK(late.action == Action::retry);
  CHECK(late.kind == FailureKind::server);
  CHECK(late.status == 200);
  CHECK(late.reason == "HTTP 200 with an error: busy (overloaded_error)");
  late = verdict(R"({"error":{"message":"slow","code":429}})");
  CHECK(late.kind == FailureKind::rate_limit);
  late = verdict(R"({"error":{"message":"slow","code":"rate_limit_exceeded"}})");
  CHECK(late.kind == FailureKind::rate_limit);
  late = verdict(R"({"error":"something broke"})");
  CHECK(late.action == Action::retry);
  CHECK(late.reason == "HTTP 200 with an error: something broke");
  late = verdict(R"({"object":"error","message":"bad","type":"invalid_request_error","code":400})");
  CHECK(late.action == Action::fail);
  CHECK(late.kind == FailureKind::invalid_request);
  late = verdict(R"({"error":{"message":"pay","code":"insufficient_quota"}})");
  CHECK(late.kind == FailureKind::quota);
  CHECK(late.action == Action::fail);
  CHECK(accepted(R"({"error":null,"choices":[{"message":{"content":"x"}}]})").text == "x");
  CHECK(accepted(R"({"error":{"code":"content_filter","message":"no"}})").status() == SampleStatus::refused);
}

TEST_CASE("a stream that nobody asked for is read all the same") {
  const auto answer = accepted("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
                               "data: {\"choices\":[{\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}]}\n\n"
                               "data: [DONE]\n\n");
  CHECK(answer.text == "ab");
  CHECK_FALSE(answer.first_token);
}

TEST_CASE("Anthropic's answer is told in OpenAI's words") {
  const auto answer = accepted(
      R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[
      {"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"Hello "},{"type":"text","text":"you"},
      {"type":"tool_use","id":"t","name":"n","input":{}}],"stop_reason":"end_turn","stop_sequence":null,
      "usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":7}})",
      k_anthropic,
      "request-id: req_011\r\n");
  CHECK(answer.text == "Hello you");
  CHECK(answer.reasoning == "hm");
  CHECK(answer.finish_reason == "stop");
  CHECK(answer.model == "claude-x");
  CHECK(answer.request_id == "req_011");
  CHECK(answer.usage == Usage{15, 7, 22, 1, 3, true});
  CHECK(answer.status() == SampleStatus::ok);
}

TEST_CASE("Anthropic's reasons to stop mean what OpenAI's mean") {
  const auto status = [](const std::string& reason) {
    return accepted(R"({"content":[{"type":"text","text":"x"}],"stop_reason":")" + reason + "\"}", k_anthropic)
        .status();
  };
  CHECK(status("end_turn") == SampleStatus::ok);
  CHECK(status("stop_sequence") == SampleStatus::ok);
  CHECK(status("tool_use") == SampleStatus::ok);
  CHECK(status("pause_turn") == SampleStatus::ok);
  CHECK(status("max_tokens") == SampleStatus::truncated);
  CHECK(status("model_context_window_exceeded") == SampleStatus::truncated);
  CHECK(status("refusal") == SampleStatus::refused);
  CHECK(accepted(R"({"content":[],"stop_reason":"end_turn"})", k_anthropic).status() == SampleStatus::empty);
  CHECK(read(R"({"type":"message"})", k_anthropic).verdict.action == Action::fail);
  CHECK(read(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", k_anthropic)
            .verdict.kind == FailureKind::server);
}
