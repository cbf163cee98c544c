#include "core/chat/worker_answer.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "core/chat/collected_answer.hpp"
#include "core/chat/failure_rules.hpp"
#include "core/chat/json_fields.hpp"
#include "net/http_client.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace lumi::chat {

namespace {

using Json = nlohmann::json;
using Action = Verdict::Action;

// What follows from an error that a worker gives a code of this name; what is not here fails the sample.
struct ErrorRule {
  std::string_view code;
  Action action;
  FailureKind kind;
};

constexpr std::array<ErrorRule, 6> k_error_rules{{
    {"invalid", Action::fail, FailureKind::invalid_request},
    {"context_length", Action::fail, FailureKind::context_length},
    {"unsupported_parameter", Action::adjust, FailureKind::refused_parameter},
    {"temporary", Action::retry, FailureKind::server},
    {"crashed", Action::fail, FailureKind::server},
    {"timed_out", Action::fail, FailureKind::server},
}};

Outcome failed(Action action, FailureKind kind, std::string_view reason) {
  constexpr std::size_t k_longest = 500;
  Outcome outcome;
  outcome.verdict.action = action;
  outcome.verdict.kind = kind;
  outcome.verdict.reason = redact(cut_to_bytes(reason, k_longest));
  return outcome;
}

Outcome read_error(const Json& message) {
  const auto code = text_at(message, "code");
  auto text = text_at(message, "message");
  if (code == "refused") {
    Outcome outcome;
    outcome.answer.finish_reason = "refused";
    outcome.answer.refusal = text.empty() ? "the model refused to answer" : text;
    return outcome;
  }
  text = text.empty() ? "the worker gave no reason" : text;
  const auto* rule =
      std::find_if(k_error_rules.begin(), k_error_rules.end(), [&](const auto& one) { return one.code == code; });
  if (rule == k_error_rules.end()) {
    return failed(Action::fail, FailureKind::server, code.empty() ? text : text + " (" + code + ")");
  }
  auto outcome = failed(rule->action, rule->kind, text);
  if (rule->action == Action::adjust) {
    const auto parameter = text_at(message, "parameter");
    if (parameter.empty()) {
      outcome.verdict.action = Action::fail;
    } else {
      outcome.verdict.adjustment = Adjustment{parameter, ""};
    }
  }
  return outcome;
}

Outcome read_result(const Json& result) {
  if (result.find("text") == result.end() || !result.at("text").is_string()) {
    return failed(Action::fail, FailureKind::server, "the worker's result has no text");
  }
  Outcome outcome;
  auto& answer = outcome.answer;
  answer.text = text_at(result, "text");
  answer.reasoning = text_at(result, "reasoning");
  answer.finish_reason = text_at(result, "finish_reason");
  answer.model = text_at(result, "model");
  if (const auto* usage = object_at(result, "usage")) {
    answer.usage.prompt_tokens = count_at(*usage, "prompt_tokens");
    answer.usage.completion_tokens = count_at(*usage, "completion_tokens");
    answer.usage.total_tokens = count_at(*usage, "total_tokens");
  }
  complete_answer(answer);
  return outcome;
}

}  // namespace

Outcome read_worker_answer(const net::HttpAnswer& answer) {
  if (answer.fault != net::TransportFault::none) {
    Outcome outcome;
    outcome.verdict = judge_fault(answer);
    return outcome;
  }
  const auto message = parse_json(answer.body);
  if (!message.is_object()) {
    return failed(Action::fail, FailureKind::server, "the worker's answer is no JSON object");
  }
  const auto* result = object_at(message, "result");
  auto outcome = result != nullptr ? read_result(*result) : read_error(message);
  outcome.answer.latency = answer.total;
  return outcome;
}

}  // namespace lumi::chat
