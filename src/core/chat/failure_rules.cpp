#include "core/chat/failure_rules.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "net/http_client.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace lumi::chat {

namespace {

constexpr int k_bad_request = 400;
constexpr int k_unauthorized = 401;
constexpr int k_payment_required = 402;
constexpr int k_forbidden = 403;
constexpr int k_timeout = 408;
constexpr int k_conflict = 409;
constexpr int k_payload_too_large = 413;
constexpr int k_unprocessable = 422;
constexpr int k_too_many_requests = 429;
constexpr int k_server_error = 500;
constexpr int k_unavailable = 503;
constexpr int k_overloaded = 529;

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 6> k_quota_codes = {"insufficient_quota",
                                                           "billing_hard_limit_reached",
                                                           "billing_not_active",
                                                           "quota_exceeded",
                                                           "insufficient_balance",
                                                           "credit_balance_too_low"};
constexpr std::array<std::string_view, 2> k_quota_texts = {"credit balance is too low", "insufficient balance"};
constexpr std::array<std::string_view, 3> k_context_codes = {
    "context_length_exceeded", "exceed_context_size_error", "string_above_max_length"};
constexpr std::array<std::string_view, 5> k_context_texts = {"maximum context length",
                                                             "exceeds the available context size",
                                                             "prompt is too long",
                                                             "exceed context limit",
                                                             "too large for model with"};
constexpr std::array<std::string_view, 4> k_filter_codes = {
    "content_filter", "content_policy_violation", "responsibleaipolicyviolation", "content_policy"};
constexpr std::array<std::string_view, 6> k_refusal_codes = {"unsupported_parameter",
                                                             "unsupported_value",
                                                             "unknown_parameter",
                                                             "extra_forbidden",
                                                             "unrecognized_parameter",
                                                             "unsupported_field"};
constexpr std::array<std::string_view, 16> k_refusal_texts = {"unsupported parameter",
                                                              "unsupported value",
                                                              "unsupported field",
                                                              "not supported",
                                                              "does not support",
                                                              "unknown parameter",
                                                              "unknown field",
                                                              "unknown name",
                                                              "unrecognized",
                                                              "extra inputs are not permitted",
                                                              "extra fields not permitted",
                                                              "extra_forbidden",
                                                              "unexpected keyword",
                                                              "additional properties",
                                                              "is deprecated",
                                                              "cannot both be specified"};

bool is_one_of(std::string_view word, Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool holds_one_of(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return text.find(word) != std::string_view::npos; });
}

// Code or type of an error, in lower case.
bool names_one_of(const ErrorFields& error, Words words) {
  return is_one_of(to_lower_ascii(error.code), words) || is_one_of(to_lower_ascii(error.type), words);
}

// The part of a message that a server says, before a prompt that it may repeat.
std::string start_of(const std::string& message) {
  constexpr std::size_t k_own_words = 400;
  return to_lower_ascii(cut_to_bytes(message, k_own_words));
}

bool is_parameter_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where `name` stands in `text` as a whole word.
std::size_t find_name(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !is_parameter_char(text[at - 1])) && (end == text.size() || !is_parameter_char(text[end]))) {
      return at;
    }
  }
  return std::string_view::npos;
}

// The name after "use '…'", which is what OpenAI answers to `max_tokens`.
std::string replacement_in(std::string_view text) {
  constexpr std::string_view k_use = "use ";
  const auto at = text.find(k_use);
  if (at == std::string_view::npos) {
    return {};
  }
  auto rest = text.substr(at + k_use.size());
  if (rest.empty() || (rest.front() != '\'' && rest.front() != '`' && rest.front() != '"')) {
    return {};
  }
  rest.remove_prefix(1);
  return {rest.begin(), std::find_if_not(rest.begin(), rest.end(), is_parameter_char)};
}

std::string reason_of(int status, const ErrorFields& error) {
  constexpr std::size_t k_longest = 500;
  std::string reason = "HTTP " + std::to_string(status);
  if (const auto message = trim(error.message); !message.empty()) {
    reason += ": " + std::string(cut_to_bytes(message, k_longest));
  }
  if (const auto& name = error.code.empty() || error.code_status() != 0 ? error.type : error.code; !name.empty()) {
    reason += " (" + std::string(cut_to_bytes(name, k_longest)) + ")";
  }
  return redact(reason);
}

FailureKind kind_of(int status, const ErrorFields& error) {
  const auto text = start_of(error.message);
  if (status == k_payment_required || names_one_of(error, k_quota_codes) || holds_one_of(text, k_quota_texts)) {
    return FailureKind::quota;
  }
  if (status == k_unauthorized || status == k_forbidden) {
    return FailureKind::authentication;
  }
  if (status == k_too_many_requests) {
    return FailureKind::rate_limit;
  }
  if (status >= k_server_error || status == k_timeout || status == k_conflict) {
    return FailureKind::server;
  }
  const bool can_be_length = status == k_bad_request || status == k_payload_too_large || status == k_unprocessable;
  if (can_be_length && (names_one_of(error, k_context_codes) || holds_one_of(text, k_context_texts))) {
    return FailureKind::context_length;
  }
  return FailureKind::invalid_request;
}

bool is_worth_a_retry(FailureKind kind) { return kind == FailureKind::rate_limit || kind == FailureKind::server; }

// Waiting as the server says, or not at all.
void apply_hint(const net::RetryHint& hint, Verdict& verdict) {
  verdict.action = is_worth_a_retry(verdict.kind) ? Verdict::Action::retry : Verdict::Action::fail;
  if (hint.should_retry && !is_auth_or_quota(verdict.kind)) {
    verdict.action = *hint.should_retry ? Verdict::Action::retry : Verdict::Action::fail;
  }
  if (verdict.action != Verdict::Action::retry) {
    return;
  }
  verdict.server_delay = hint.delay;
  if (hint.is_too_long) {
    verdict.action = Verdict::Action::fail;
    verdict.kind = FailureKind::told_to_wait;
    verdict.reason += "; the server asks for a wait of more than " + std::to_string(net::k_longest_wait.count()) + " s";
  }
}

}  // namespace

Verdict judge_fault(const net::HttpAnswer& answer) {
  using net::TransportFault;
  Verdict verdict;
  verdict.status = answer.status;
  verdict.kind = FailureKind::connection;
  verdict.action = Verdict::Action::retry;
  verdict.reason = redact(answer.fault_text.empty() ? std::string(net::to_string(answer.fault)) : answer.fault_text);
  switch (answer.fault) {
  case TransportFault::blocked:
  case TransportFault::tls:
    verdict.action = Verdict::Action::fail;
    break;
  case TransportFault::too_large:
    verdict.action = Verdict::Action::fail;
    verdict.kind = FailureKind::too_large;
    break;
  case TransportFault::cancelled:
    verdict.action = Verdict::Action::fail;
    verdict.kind = FailureKind::cancelled;
    break;
  case TransportFault::none:
  case TransportFault::cannot_resolve:
  case TransportFault::cannot_connect:
  case TransportFault::timed_out:
  case TransportFault::cut:
  case TransportFault::other:
    break;
  }
  return verdict;
}

Verdict judge_error(int status,
                    const ErrorFields& error,
                    const net::RetryHint& hint,
                    const std::vector<std::string>& parameters) {
  Verdict verdict;
  verdict.status = status;
  verdict.kind = kind_of(status, error);
  verdict.reason = reason_of(status, error);
  if (verdict.kind == FailureKind::invalid_request && (status == k_bad_request || status == k_unprocessable)) {
    if (auto adjustment = find_refused_parameter(error, parameters)) {
      verdict.kind = FailureKind::refused_parameter;
      verdict.action = Verdict::Action::adjust;
      verdict.adjustment = std::move(adjustment);
      return verdict;
    }
  }
  apply_hint(hint, verdict);
  return verdict;
}

Verdict judge_unreadable(int status, const std::string& problem) {
  Verdict verdict;
  verdict.status = status;
  verdict.kind = FailureKind::server;
  verdict.action = Verdict::Action::retry;
  verdict.reason = "HTTP " + std::to_string(status) + ": " + problem;
  return verdict;
}

bool is_content_filter(const ErrorFields& error) { return names_one_of(error, k_filter_codes); }

int status_of(const ErrorFields& error) {
  struct Named {
    std::string_view name;
    int status;
  };
  constexpr std::array<Named, 15> k_named{{{"rate_limit_exceeded", k_too_many_requests},
                                           {"rate_limit_error", k_too_many_requests},
                                           {"slow_down", k_too_many_requests},
                                           {"insufficient_quota", k_too_many_requests},
                                           {"authentication_error", k_unauthorized},
                                           {"invalid_api_key", k_unauthorized},
                                           {"permission_error", k_forbidden},
                                           {"not_found_error", k_http_not_found},
                                           {"model_not_found", k_http_not_found},
                                           {"request_too_large", k_payload_too_large},
                                           {"invalid_request_error", k_bad_request},
                                           {"context_length_exceeded", k_bad_request},
                                           {"overloaded_error", k_overloaded},
                                           {"server_is_overloaded", k_unavailable},
                                           {"timeout_error", k_timeout}}};
  if (const int status = error.code_status(); status != 0) {
    return status;
  }
  for (const auto& word : {to_lower_ascii(error.code), to_lower_ascii(error.type)}) {
    const auto* named = std::find_if(k_named.begin(), k_named.end(), [&](const auto& one) { return one.name == word; });
    if (named != k_named.end()) {
      return named->status;
    }
  }
  return k_server_error;
}

std::optional<Adjustment> find_refused_parameter(const ErrorFields& error, const std::vector<std::string>& parameters) {
  const auto text = start_of(error.message);
  if (!names_one_of(error, k_refusal_codes) && !holds_one_of(text, k_refusal_texts)) {
    return std::nullopt;
  }
  // Of two that exclude each other the later one goes: "temperature and top_p cannot both be specified".
  const bool is_pair = text.find(" both ") != std::string::npos;
  std::string refused;
  if (std::find(parameters.begin(), parameters.end(), error.param) != parameters.end()) {
    refused = error.param;
  } else {
    std::size_t best = std::string::npos;
    for (const auto& parameter : parameters) {
      const auto at = find_name(text, to_lower_ascii(parameter));
      if (at != std::string::npos && (best == std::string::npos || (is_pair ? at > best : at < best))) {
        best = at;
        refused = parameter;
      }
    }
  }
  if (refused.empty()) {
    return std::nullopt;
  }
  auto sent_as = replacement_in(text);
  return Adjustment{refused, sent_as == refused ? std::string() : std::move(sent_as)};
}

}  // namespace lumi::chat
