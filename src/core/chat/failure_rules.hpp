#pragma once
#include "core/chat/error_fields.hpp"
#include "core/chat/failure.hpp"
#include "net/retry_hint.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::net {
struct HttpAnswer;
}

namespace lumi::chat {

inline constexpr int k_http_not_found = 404;

/// What follows from a transfer that failed; its fault is not `none`.
Verdict judge_fault(const net::HttpAnswer& answer);

/// What follows from an answer whose status says that it failed. Judged by status, then code, then text: what a prompt
/// that an error repeats happens to say changes nothing.
Verdict judge_error(int status,
                    const ErrorFields& error,
                    const net::RetryHint& hint,
                    const std::vector<std::string>& parameters);

/// What follows from an answer that cannot be read, or is not whole: another try may bring a better one.
Verdict judge_unreadable(int status, const std::string& problem);

/// Whether an error means that a filter would not let the prompt or the answer pass.
bool is_content_filter(const ErrorFields& error);

/// The status that an error would have had, of one that came in an answer with a good status.
int status_of(const ErrorFields& error);

/// What is to be done about the parameter that an error with status 400 or 422 refuses, if it is one of `parameters`.
std::optional<Adjustment> find_refused_parameter(const ErrorFields& error, const std::vector<std::string>& parameters);

}  // namespace lumi::chat
