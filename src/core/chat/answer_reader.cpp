#include "core/chat/answer_reader.hpp"

#include "base/text.hpp"
#include "core/chat/chat_request.hpp"
#include "core/chat/collected_answer.hpp"
#include "core/chat/failure_rules.hpp"
#include "core/chat/json_fields.hpp"
#include "core/chat/worker_answer.hpp"
#include "net/http_client.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace lumi::chat {

namespace {

bool is_good(int status) { return status >= 200 && status < 300; }

Outcome failed(Verdict verdict) { return {std::move(verdict), {}}; }

Outcome refused(const ErrorFields& error) {
  Outcome outcome;
  outcome.answer.finish_reason = "content_filter";
  outcome.answer.refusal = error.message;
  return outcome;
}

void add_transfer(const net::HttpAnswer& from, ChatAnswer& answer) {
  for (const auto* name : {"x-request-id", "request-id", "apim-request-id", "x-amzn-requestid"}) {
    if (const auto id = from.header(name); id && !id->empty()) {
      answer.request_id = to_valid_utf8(*id);
      break;
    }
  }
  answer.latency = from.total;
}

// An error that a server sent after it had said that all was well.
Verdict
judge_late_error(int status, const ErrorFields& error, const net::RetryHint& hint, const AnswerContext& context) {
  const int named = status_of(error);
  auto verdict = judge_error(named, error, hint, context.parameters);
  const auto prefix = "HTTP " + std::to_string(named);
  verdict.reason = "HTTP " + std::to_string(status) + " with an error" + verdict.reason.substr(prefix.size());
  verdict.status = status;
  return verdict;
}

Verdict judge_redirect(const net::HttpAnswer& answer) {
  Verdict verdict;
  verdict.action = Verdict::Action::fail;
  verdict.kind = FailureKind::invalid_request;
  verdict.status = answer.status;
  verdict.reason = "HTTP " + std::to_string(answer.status) + ": the server sends requests on";
  if (const auto place = answer.header("location")) {
    verdict.reason += " to " + quote(to_valid_utf8(*place));
  }
  verdict.reason += ", which lumi does not follow: set the base URL";
  return verdict;
}

Verdict judge_without_choice(int status, const AnswerContext& context) {
  Verdict verdict;
  verdict.action = Verdict::Action::fail;
  verdict.kind = FailureKind::server;
  verdict.status = status;
  verdict.reason = "HTTP " + std::to_string(status) + ": no answer of a model in it";
  if (!context.not_found_advice.empty()) {
    verdict.reason += " (" + context.not_found_advice + ")";
  }
  return verdict;
}

// Reasons to finish that mean that the server gave up: DeepSeek's, OpenRouter's, vLLM's.
bool is_given_up(std::string_view finish_reason) {
  constexpr std::array<std::string_view, 3> k_reasons = {"insufficient_system_resource", "error", "abort"};
  return std::find(k_reasons.begin(), k_reasons.end(), finish_reason) != k_reasons.end();
}

Outcome judged(CollectedAnswer& collected, const net::HttpAnswer& answer, const AnswerContext& context, Timestamp now) {
  if (collected.error) {
    return is_content_filter(*collected.error)
               ? refused(*collected.error)
               : failed(judge_late_error(answer.status, *collected.error, net::read_retry_hint(answer, now), context));
  }
  if (!collected.has_choice) {
    return failed(judge_without_choice(answer.status, context));
  }
  if (const auto& reason = collected.answer.finish_reason; is_given_up(reason)) {
    return failed(judge_unreadable(answer.status, "the server gave up (" + reason + ")"));
  }
  Outcome outcome;
  outcome.verdict.status = answer.status;
  outcome.answer = std::move(collected.answer);
  add_transfer(answer, outcome.answer);
  complete_answer(outcome.answer);
  return outcome;
}

Outcome read_failure(const net::HttpAnswer& answer, const AnswerContext& context, Timestamp now) {
  if (answer.status < 400) {
    return failed(judge_redirect(answer));
  }
  const auto error = read_error(answer.body);
  if (is_content_filter(error) && answer.status < 500) {
    auto outcome = refused(error);
    outcome.verdict.status = answer.status;
    add_transfer(answer, outcome.answer);
    return outcome;
  }
  auto verdict = judge_error(answer.status, error, net::read_retry_hint(answer, now), context.parameters);
  if (answer.status == k_http_not_found && !context.not_found_advice.empty()) {
    verdict.reason += "; " + context.not_found_advice;
  }
  return failed(std::move(verdict));
}

// `text` without what may stand before it: white space that DeepSeek sends while a request waits, a byte order mark.
std::string_view without_lead(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(std::min(start, text.size()));
  if (text.starts_with(k_byte_order_mark)) {
    text.remove_prefix(k_byte_order_mark.size());
  }
  return text;
}

bool is_event_stream(std::string_view text) {
  constexpr std::array<std::string_view, 5> k_starts = {"data:", "event:", "id:", "retry:", ":"};
  return std::any_of(k_starts.begin(), k_starts.end(), [&](auto start) { return text.starts_with(start); });
}

}  // namespace

Outcome read_answer(const net::HttpAnswer& answer, const AnswerContext& context, Timestamp now) {
  if (context.protocol == Protocol::worker) {
    return read_worker_answer(answer);
  }
  if (answer.fault != net::TransportFault::none) {
    return failed(judge_fault(answer));
  }
  if (!is_good(answer.status)) {
    return read_failure(answer, context, now);
  }
  const auto body = without_lead(answer.body);
  if (is_event_stream(body)) {
    StreamReader reader(context);
    reader.take(body, answer.total);
    auto outcome = reader.finish(answer, now);
    outcome.answer.first_token.reset();
    return outcome;
  }
  const auto json = parse_json(body);
  if (!json.is_object()) {
    return failed(judge_unreadable(answer.status, body.empty() ? "an empty answer" : "the answer is no JSON object"));
  }
  CollectedAnswer collected;
  collected.error = find_error(json, Failed::no);
  if (!collected.error) {
    collect_answer(json, context.protocol, collected);
  }
  return judged(collected, answer, context, now);
}

StreamReader::StreamReader(const AnswerContext& context)
    : context_(&context), collected_(std::make_unique<CollectedAnswer>()) {}

StreamReader::~StreamReader() = default;
StreamReader::StreamReader(StreamReader&&) noexcept = default;
StreamReader& StreamReader::operator=(StreamReader&&) noexcept = default;

void StreamReader::take(std::string_view piece, std::chrono::microseconds elapsed) {
  const auto take_data = [&](std::string_view data) { take_event(data, elapsed); };
  if (form_ == Form::events) {
    events_.feed(piece, take_data);
    return;
  }
  body_ += piece;
  if (form_ == Form::whole) {
    return;
  }
  constexpr std::size_t k_enough = 8;  // the longest start of a stream, and a byte order mark
  const auto text = without_lead(body_);
  if (is_event_stream(text)) {
    form_ = Form::events;
    events_.feed(std::exchange(body_, {}), take_data);
  } else if (text.size() >= k_enough) {
    form_ = Form::whole;
  }
}

void StreamReader::take_event(std::string_view data, std::chrono::microseconds elapsed) {
  auto& collected = *collected_;
  const auto text = trim(data);
  if (text == "[DONE]") {
    collected.is_finished = true;
    return;
  }
  if (text.empty() || collected.error || collected.is_broken) {
    return;
  }
  const auto json = parse_json(text);
  if (!json.is_object()) {
    collected.is_broken = true;
    return;
  }
  if (auto error = find_error(json, Failed::no)) {
    collected.error = std::move(error);
    return;
  }
  collect_event(json, context_->protocol, collected);
  auto& answer = collected.answer;
  if (!answer.first_token && !(answer.text.empty() && answer.reasoning.empty())) {
    answer.first_token = elapsed;
  }
}

Outcome StreamReader::finish(const net::HttpAnswer& answer, Timestamp now) {
  using net::TransportFault;
  if (form_ != Form::events) {
    if (body_.empty()) {
      return read_answer(answer, *context_, now);
    }
    auto whole = answer;
    whole.body = std::exchange(body_, {});
    return read_answer(whole, *context_, now);
  }
  events_.finish([&](std::string_view data) { take_event(data, answer.total); });
  const bool is_whole = collected_->is_finished && !collected_->is_broken;
  if (answer.fault == TransportFault::cancelled || (answer.fault != TransportFault::none && !is_whole)) {
    return failed(judge_fault(answer));
  }
  if (collected_->is_broken) {
    return failed(judge_unreadable(answer.status, "an event of the stream is no JSON"));
  }
  if (!collected_->is_finished && !collected_->error) {
    auto verdict = judge_unreadable(answer.status, "the stream ended before the answer did");
    verdict.kind = FailureKind::connection;
    return failed(std::move(verdict));
  }
  return judged(*collected_, answer, *context_, now);
}

}  // namespace lumi::chat
