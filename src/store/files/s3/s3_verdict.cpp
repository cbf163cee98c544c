#include "store/files/s3/s3_verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace lumi::store {

namespace {

using net::TransportFault;

bool is_temporary_code(std::string_view code) {
  constexpr std::array<std::string_view, 9> k_codes{"RequestTimeout",
                                                    "RequestTimeoutException",
                                                    "InternalError",
                                                    "ServiceUnavailable",
                                                    "BandwidthLimitExceeded",
                                                    "RequestLimitExceeded",
                                                    "OperationAborted",
                                                    "ConditionalRequestConflict",
                                                    "IncompleteBody"};
  return std::ranges::find(k_codes, code) != k_codes.end() || code.starts_with("SlowDown") ||
         code.starts_with("Throttling") || code.starts_with("TooManyRequests");
}

bool is_temporary_status(int status) {
  constexpr std::array<int, 9> k_statuses{408, 425, 429, 500, 502, 503, 504, 520, 529};
  return std::ranges::find(k_statuses, status) != k_statuses.end();
}

bool is_damage(std::string_view code) { return code == "BadDigest" || code == "XAmzContentSHA256Mismatch"; }

bool is_about_region(const S3Error& error) {
  return error.status == 301 || error.status == 302 || error.status == 307 || error.status == 308 ||
         error.code == "AuthorizationHeaderMalformed" || error.code == "PermanentRedirect" ||
         error.code == "IllegalLocationConstraintException" || (error.status == 400 && error.code.empty());
}

S3Action judge_fault(TransportFault fault) {
  switch (fault) {
  case TransportFault::blocked:
  case TransportFault::tls:
  case TransportFault::too_large:
  case TransportFault::cancelled:
    return S3Action::fail;
  default:
    return S3Action::retry;
  }
}

}  // namespace

bool is_unreached(TransportFault fault) {
  return fault == TransportFault::cannot_resolve || fault == TransportFault::cannot_connect;
}

S3Action judge(const net::HttpAnswer& answer, const S3Error& error, const std::string& region) {
  if (answer.fault != TransportFault::none) {
    return judge_fault(answer.fault);
  }
  if (is_about_region(error) && !error.region.empty() && error.region != region) {
    return S3Action::use_region;
  }
  if ((error.status == 307 || error.status == 308) && answer.header("location")) {
    return S3Action::follow;
  }
  if (error.code == "RequestTimeTooSkewed") {
    return S3Action::set_clock;
  }
  if (error.code == "ExpiredToken" || error.code == "TokenRefreshRequired") {
    return S3Action::new_credentials;
  }
  if (is_damage(error.code)) {
    return S3Action::retry_once;
  }
  const bool is_temporary = is_temporary_code(error.code) || is_temporary_status(error.status);
  return is_temporary ? S3Action::retry : S3Action::fail;
}

std::chrono::milliseconds s3_retry_delay(int tries, double random) {
  constexpr double k_first_ms = 100;
  constexpr double k_longest_ms = 10'000;
  constexpr int k_enough_doublings = 10;
  const auto doublings = std::clamp(tries - 1, 0, k_enough_doublings);
  return std::chrono::milliseconds(std::llround(random * std::min(k_longest_ms, std::ldexp(k_first_ms, doublings))));
}

}  // namespace lumi::store
