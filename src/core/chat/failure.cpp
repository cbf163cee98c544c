#include "core/chat/failure.hpp"

namespace lumi::chat {

std::string_view to_string(FailureKind kind) {
  switch (kind) {
  case FailureKind::none:
    return "none";
  case FailureKind::connection:
    return "connection";
  case FailureKind::rate_limit:
    return "rate_limit";
  case FailureKind::server:
    return "server";
  case FailureKind::told_to_wait:
    return "told_to_wait";
  case FailureKind::authentication:
    return "authentication";
  case FailureKind::quota:
    return "quota";
  case FailureKind::refused_parameter:
    return "refused_parameter";
  case FailureKind::context_length:
    return "context_length";
  case FailureKind::invalid_request:
    return "invalid_request";
  case FailureKind::too_large:
    return "too_large";
  case FailureKind::cancelled:
    break;
  }
  return "cancelled";
}

bool is_auth_or_quota(FailureKind kind) { return kind == FailureKind::authentication || kind == FailureKind::quota; }

bool is_unreachable(FailureKind kind) { return kind == FailureKind::connection || kind == FailureKind::told_to_wait; }

}  // namespace lumi::chat
