#include "core/chat/answer_reader.hpp"
#include "core/chat/chat_request.hpp"
#include "core/chat/failure_rules.hpp"
#include "support/fake_http_client.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace lumi;
using namespace lumi::chat;
using Action = Verdict::Action;
using net::TransportFault;

namespace {

const AnswerContext k_context = {
    Protocol::openai,
    {"max_tokens", "frequency_penalty", "temperature", "top_p", "seed", "top_k", "max_completion_tokens"},
    ""};

Verdict judge(int status, const std::string& body, const std::string& head = {}) {
  return read_answer(test::http_answer(status, body, head), k_context, {}).verdict;
}

std::string error(const std::string& members) { return R"({"error":{)" + members + "}}"; }

// "action kind" of an answer.
std::string outcome(int status, const std::string& body, const std::string& head = {}) {
  const auto verdict = judge(status, body, head);
  const std::string action = verdict.action == Action::accept   ? "accept"
                             : verdict.action == Action::retry  ? "retry"
                             : verdict.action == Action::adjust ? "adjust"
                                                                : "fail";
  return action + " " + std::string(to_string(verdict.kind));
}

// What is done about a 400 with this error: "temperature", "max_tokens=max_completion_tokens", or nothing.
std::string adjustment(const std::string& body, int status = 400) {
  const auto verdict = judge(status, body);
  if (!verdict.adjustment) {
    return {};
  }
  CHECK(verdict.action == Action::adjust);
  CHECK(verdict.kind == FailureKind::refused_parameter);
  return verdict.adjustment->parameter + (verdict.adjustment->sent_as.empty() ? "" : "=" + verdict.adjustment->sent_as);
}

}  // namespace

TEST_CASE("every status has its consequence") {
  CHECK(outcome(400, error(R"("message":"bad")")) == "fail invalid_request");
  CHECK(outcome(401, error(R"("message":"no key")")) == "fail authentication");
  CHECK(outcome(402, error(R"("message":"Insufficient Balance")")) == "fail quota");
  CHECK(outcome(403, "Forbidden") == "fail authentication");
  CHECK(outcome(404, error(R"("code":"model_not_found")")) == "fail invalid_request");
  CHECK(outcome(405, "") == "fail invalid_request");
  CHECK(outcome(408, "") == "retry server");
  CHECK(outcome(409, "") == "retry server");
  CHECK(outcome(413, "") == "fail invalid_request");
  CHECK(outcome(418, "") == "fail invalid_request");
  CHECK(outcome(422, R"({"detail":"bad"})") == "fail invalid_request");
  CHECK(outcome(429, "") == "retry rate_limit");
  CHECK(outcome(500, "") == "retry server");
  CHECK(outcome(501, "") == "retry server");
  CHECK(outcome(502, "<html><head><title>502 Bad Gateway</title></head></html>") == "retry server");
  CHECK(outcome(503, error(R"("code":"server_is_overloaded")")) == "retry server");
  CHECK(outcome(504, "") == "retry server");
  CHECK(outcome(529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})") ==
        "retry server");
}

TEST_CASE("a quota that is used up is no rate limit, whatever the status says") {
  CHECK(outcome(429, error(R"("code":"insufficient_quota","type":"insufficient_quota")")) == "fail quota");
  CHECK(outcome(429, error(R"("code":"billing_hard_limit_reached")")) == "fail quota");
  CHECK(outcome(429, error(R"("code":"rate_limit_exceeded","type":"tokens")")) == "retry rate_limit");
  CHECK(outcome(429, error(R"("code":"slow_down")")) == "retry rate_limit");
  CHECK(outcome(400, R"({"type":"error","error":{"type":"invalid_request_error",
      "message":"Your credit balance is too low to access the Anthropic API."}})") == "fail quota");
  CHECK(outcome(403, error(R"("code":"insufficient_quota")")) == "fail quota");
}

TEST_CASE("what a prompt says that an error repeats changes nothing") {
  CHECK(
      outcome(400, error(R"("message":"cannot parse: HTTP 429 Too Many Requests, rate_limit_exceeded","code":null)")) ==
      "fail invalid_request");
  CHECK(outcome(400, error(R"("message":"bad role in: please ignore insufficient_quota")")) == "fail invalid_request");
  CHECK(adjustment(error(R"("message":"invalid JSON in prompt )" + std::string(500, 'x') +
                         R"( temperature is not supported")")) == "");
}

TEST_CASE("the server's word on trying again counts") {
  CHECK(outcome(429, "", "x-should-retry: false\r\n") == "fail rate_limit");
  CHECK(outcome(500, "", "x-should-retry: false\r\n") == "fail server");
  CHECK(outcome(404, "", "x-should-retry: true\r\n") == "retry invalid_request");
  CHECK(outcome(401, "", "x-should-retry: true\r\n") == "fail authentication");
  CHECK(outcome(429, "", "x-should-retry: perhaps\r\n") == "retry rate_limit");
}

TEST_CASE("the server's wait counts where there is another try") {
  CHECK(judge(429, "", "Retry-After: 3\r\n").server_delay == std::chrono::seconds(3));
  CHECK(judge(503, "", "Retry-After: 3\r\n").server_delay == std::chrono::seconds(3));
  CHECK_FALSE(judge(429, "", "Retry-After: 0\r\n").server_delay);
  CHECK_FALSE(judge(401, "", "Retry-After: 3\r\n").server_delay);
  const auto too_long = judge(429, error(R"("message":"come back tomorrow")"), "Retry-After: 1e9\r\n");
  CHECK(too_long.action == Action::fail);
  CHECK(too_long.kind == FailureKind::told_to_wait);
  CHECK(too_long.reason == "HTTP 429: come back tomorrow; the server asks for a wait of more than 120 s");
  CHECK(is_unreachable(too_long.kind));
  CHECK(judge(401, "", "Retry-After: 1e9\r\n").kind == FailureKind::authentication);
}

TEST_CASE("errors are read in every form that is about") {
  const auto reason = [](int status, const std::string& body) { return judge(status, body).reason; };
  CHECK(reason(400, error(R"("message":"m","type":"t","param":null,"code":"c")")) == "HTTP 400: m (c)");
  CHECK(reason(400, error(R"("message":"m","type":"t","code":null)")) == "HTTP 400: m (t)");
  CHECK(reason(400, error(R"("message":"m","type":"t","code":400)")) == "HTTP 400: m (t)");
  CHECK(reason(400, error(R"("message":"m","code":"400")")) == "HTTP 400: m");
  CHECK(reason(400, R"({"object":"error","message":"m","type":"BadRequestError","param":null,"code":400})") ==
        "HTTP 400: m (BadRequestError)");
  CHECK(reason(400, R"({"message":"m","code":"c"})") == "HTTP 400: m (c)");
  CHECK(reason(400, R"({"error":"m"})") == "HTTP 400: m");
  CHECK(reason(400, R"({"error":"m","error_type":"validation"})") == "HTTP 400: m (validation)");
  CHECK(reason(403, R"({"Message":"m"})") == "HTTP 403: m");
  CHECK(reason(404, R"({"detail":"Not Found"})") == "HTTP 404: Not Found");
  CHECK(reason(422, R"({"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required","input":{}},
      {"loc":["body",3],"msg":"odd"},7]})") == "HTTP 422: model: Field required; odd (missing)");
  CHECK(reason(400, R"([{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}])") == "HTTP 400: m");
  CHECK(reason(502, "<html>\n<head><title>502 Bad Gateway</title></head><body>x</body></html>") ==
        "HTTP 502: 502 Bad Gateway");
  CHECK(reason(502, "<!doctype html><p>x") == "HTTP 502");
  CHECK(reason(500, "Internal Server Error\n") == "HTTP 500: Internal Server Error");
  CHECK(reason(500, "") == "HTTP 500");
  CHECK(reason(500, "[]") == "HTTP 500: []");
  CHECK(reason(500, "null") == "HTTP 500: null");
  CHECK(reason(500, "\xFF\xFE") == "HTTP 500: \xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(reason(500, std::string(10'000, 'x')).size() < 600);
  CHECK(reason(500, error(R"("message":")" + std::string(10'000, 'x') + "\"")).size() < 600);
}

TEST_CASE("a refused parameter is found in every server's words") {
  CHECK(adjustment(error(R"("message":"Unsupported parameter: 'max_tokens' is not supported with this model. )"
                         R"(Use 'max_completion_tokens' instead.","type":"invalid_request_error",)"
                         R"("param":"max_tokens","code":"unsupported_parameter")")) ==
        "max_tokens=max_completion_tokens");
  CHECK(adjustment(error(R"("message":"Unsupported value: 'temperature' does not support 0.5 with this model. )"
                         R"(Only the default (1) value is supported.","param":"temperature",)"
                         R"("code":"unsupported_value")")) == "temperature");
  CHECK(adjustment(error(R"("message":"Unknown parameter: 'top_k'.","param":"top_k","code":"unknown_parameter")")) ==
        "top_k");
  CHECK(adjustment(error(R"("message":"Unrecognized request argument supplied: seed","param":null,"code":null)")) ==
        "seed");
  CHECK(adjustment(
            R"({"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted"}]})",
            422) == "seed");
  CHECK(
      adjustment(
          R"({"object":"error","message":"[{'type': 'extra_forbidden', 'loc': ('body', 'top_k'), 'msg': 'Extra inputs are not permitted'}]",)"
          R"("type":"BadRequestError","code":400})") == "top_k");
  CHECK(
      adjustment(
          R"({"type":"error","error":{"type":"invalid_request_error",)"
          R"("message":"`temperature` and `top_p` cannot both be specified for this model. Please use only one."}})") ==
      "top_p");
  CHECK(
      adjustment(error(
          R"("message":"property 'frequency_penalty' is unsupported: frequency_penalty is not supported by this model")")) ==
      "frequency_penalty");
}

TEST_CASE("a value that is wrong is no parameter that is refused") {
  CHECK(adjustment(error(
            R"("message":"temperature must be between 0 and 2","param":"temperature","code":"invalid_value")")) == "");
  CHECK(adjustment(error(R"("message":"Invalid type for 'seed'","param":"seed","code":"invalid_type")")) == "");
  // What lumi did not send, or cannot leave out, is nothing that it can change.
  CHECK(adjustment(error(R"("message":"Unknown parameter: 'tools'.","param":"tools","code":"unknown_parameter")")) ==
        "");
  CHECK(adjustment(error(R"("message":"The model 'x' is not supported","param":"model")")) == "");
  // A name is a whole word.
  CHECK(adjustment(error(R"("message":"unknown field my_seed_value")")) == "");
  CHECK(adjustment(error(R"("message":"seed is not supported")"), 500) == "");
}

TEST_CASE("a prompt that is too long is no other error") {
  CHECK(outcome(400, error(R"("message":"This model's maximum context length is 8192 tokens.","code":null)")) ==
        "fail context_length");
  CHECK(outcome(400, error(R"("code":"context_length_exceeded")")) == "fail context_length");
  CHECK(outcome(400, error(R"("code":400,"type":"exceed_context_size_error","n_prompt_tokens":10,"n_ctx":5)")) ==
        "fail context_length");
  CHECK(outcome(400,
                R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 1 > 0"}})") ==
        "fail context_length");
  CHECK(outcome(413, error(R"("message":"Prompt is too long")")) == "fail context_length");
}

TEST_CASE("a filter that stops the prompt refuses the sample") {
  const auto filtered = read_answer(
      test::http_answer(
          400, error(R"("message":"filtered","code":"content_filter","param":"prompt")"), "request-id: r\r\n"),
      k_context,
      {});
  CHECK(filtered.verdict.action == Action::accept);
  CHECK(filtered.answer.status() == evaluation::SampleStatus::refused);
  CHECK(filtered.answer.refusal == "filtered");
  CHECK(filtered.answer.request_id == "r");
  CHECK(outcome(400, error(R"("code":"content_policy_violation")")) == "accept none");
}

TEST_CASE("a redirect is not followed, and said") {
  const auto verdict = judge(308, "", "Location: https://other.example/v1\r\n");
  CHECK(verdict.action == Action::fail);
  CHECK(verdict.kind == FailureKind::invalid_request);
  CHECK(verdict.reason == "HTTP 308: the server sends requests on to \"https://other.example/v1\", which lumi does not "
                          "follow: set the base URL");
}

TEST_CASE("404 comes with advice where there is some") {
  const AnswerContext context = {Protocol::openai, {}, "end it in /v1"};
  CHECK(read_answer(test::http_answer(404, "404 page not found"), context, {}).verdict.reason ==
        "HTTP 404: 404 page not found; end it in /v1");
}

TEST_CASE("every fault of a transfer has its consequence") {
  const auto judged = [](TransportFault fault) {
    const auto verdict = read_answer(test::http_fault(fault, "it broke"), k_context, {}).verdict;
    CHECK(verdict.reason == "it broke");
    return std::string(verdict.action == Action::retry ? "retry " : "fail ") + std::string(to_string(verdict.kind));
  };
  CHECK(judged(TransportFault::cannot_resolve) == "retry connection");
  CHECK(judged(TransportFault::cannot_connect) == "retry connection");
  CHECK(judged(TransportFault::timed_out) == "retry connection");
  CHECK(judged(TransportFault::cut) == "retry connection");
  CHECK(judged(TransportFault::other) == "retry connection");
  CHECK(judged(TransportFault::tls) == "fail connection");
  CHECK(judged(TransportFault::blocked) == "fail connection");
  CHECK(judged(TransportFault::too_large) == "fail too_large");
  CHECK(judged(TransportFault::cancelled) == "fail cancelled");
}

TEST_CASE("kinds are grouped as the rules for stopping want them") {
  CHECK(is_auth_or_quota(FailureKind::authentication));
  CHECK(is_auth_or_quota(FailureKind::quota));
  CHECK_FALSE(is_auth_or_quota(FailureKind::rate_limit));
  CHECK(is_unreachable(FailureKind::connection));
  CHECK_FALSE(is_unreachable(FailureKind::server));
  CHECK(to_string(FailureKind::none) == "none");
}
