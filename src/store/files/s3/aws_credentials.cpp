#include "store/files/s3/aws_credentials.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "store/files/s3/aws_credential_sources.hpp"

#include <algorithm>
#include <chrono>

namespace lumi::store {

namespace {

constexpr std::int64_t k_second = 1'000'000;
constexpr std::int64_t k_refresh_before = 300 * k_second;
constexpr std::int64_t k_refresh_pause = 30 * k_second;

void check(const AwsCredentials& credentials) {
  const auto is_printable = [](const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  };
  if (!is_printable(credentials.access_key_id) || !is_printable(credentials.session_token)) {
    throw Error(ErrorCode::credentials, "the AWS key of " + credentials.source + " has characters that no key has");
  }
}

void keep_out_of_log(const AwsCredentials& credentials) {
  constexpr std::size_t k_shortest_secret = 4;  // what is shorter hides nothing, and is in every other word
  for (const auto& secret : {credentials.secret_access_key, credentials.session_token}) {
    if (secret.size() >= k_shortest_secret) {
      redact_in_log(secret);
    }
  }
}

}  // namespace

const AwsCredentials& AwsCredentialsChain::get(net::HttpClient& http, Timestamp now) {
  const bool is_due = !known_ || (known_->expires_at && now >= refresh_at_);
  if (!is_due) {
    return *known_;
  }
  const bool is_usable = known_ && *known_->expires_at > now;
  try {
    auto found = find(http, now);
    check(found);
    keep_out_of_log(found);
    known_ = std::move(found);
    log_debug("AWS credentials come from " + known_->source);
  } catch (const Error& error) {
    if (!is_usable) {
      throw;
    }
    log_warn("cannot refresh the AWS credentials yet: " + std::string(error.what()));
  }
  refresh_at_.microseconds = now.microseconds + k_refresh_pause;
  if (known_->expires_at) {
    refresh_at_.microseconds = std::max(refresh_at_.microseconds, known_->expires_at->microseconds - k_refresh_before);
    refresh_at_ = std::min(refresh_at_, std::max(now, *known_->expires_at));
  }
  return *known_;
}

void AwsCredentialsChain::forget() {
  known_.reset();
  settings_.forget_files();
}

AwsCredentials AwsCredentialsChain::find(net::HttpClient& http, Timestamp now) const {
  if (auto found = find_in_environment(settings_)) {
    return *found;
  }
  const CredentialSearch search{settings_, http, now};
  for (const auto& find_in : {find_in_profile, find_at_container, find_at_machine}) {
    if (auto found = find_in(search)) {
      return *found;
    }
  }
  throw Error(ErrorCode::credentials,
              "no AWS credentials found",
              "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with AWS_PROFILE");
}

}  // namespace lumi::store
