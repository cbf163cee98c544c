// What an S3Client makes of the answers to its requests.
#include "base/log.hpp"
#include "base/text.hpp"
#include "net/retry_hint.hpp"
#include "store/files/s3/s3_client.hpp"

#include <algorithm>
#include <utility>

namespace lumi::store {

namespace {

using std::chrono::milliseconds;

constexpr int k_most_tries = 8;
constexpr int k_most_tries_unreached = 4;
constexpr int k_most_tries_damaged = 2;
constexpr int k_most_corrections = 4;
// A connection that is cut again and again still gets on; less than this between two cuts is no progress.
constexpr std::size_t k_progress_bytes = 64 * 1024;

int tries_allowed(S3Action action, net::TransportFault fault) {
  if (action == S3Action::retry_once) {
    return k_most_tries_damaged;
  }
  return is_unreached(fault) ? k_most_tries_unreached : k_most_tries;
}

struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t total = 0;
};

/// "bytes 0-99/1234".
std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view k_unit = "bytes ";
  const auto dash = text.find('-');
  const auto slash = text.find('/');
  if (!text.starts_with(k_unit) || dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) {
    return std::nullopt;
  }
  const auto first = parse_integer(text.substr(k_unit.size(), dash - k_unit.size()));
  const auto last = parse_integer(text.substr(dash + 1, slash - dash - 1));
  const auto total = parse_integer(text.substr(slash + 1));
  if (!first || !last || !total || *first < 0 || *last < *first || *total <= *last) {
    return std::nullopt;
  }
  return ContentRange{
      static_cast<std::uint64_t>(*first), static_cast<std::uint64_t>(*last), static_cast<std::uint64_t>(*total)};
}

}  // namespace

void S3Client::take_answer(Call& call) {
  S3Answer result;
  if (call.is_cancelled) {
    result.error = Error(ErrorCode::interrupted, "cancelled");
    finish(call, std::move(result));
    return;
  }
  const bool is_success = call.answer.status / 100 == 2;
  const bool is_whole = call.answer.fault == net::TransportFault::none;
  if (is_success && call.request.range) {
    if (!take_range(call, result)) {
      return;
    }
  } else if (is_success && is_whole && !call.request.expected_root.empty()) {
    if (!take_document(call, result)) {
      return;
    }
  } else if (is_success && is_whole) {
    result.body = std::move(call.answer.body);
  } else {
    act_on(call, read_s3_error(call.answer), result);
    return;
  }
  finish(call, std::move(result));
}

/// Keeps what arrived of a range; false if the rest is on its way, or the call is over.
bool S3Client::take_range(Call& call, S3Answer& result) {
  const auto& wanted = *call.request.range;
  const auto text = call.answer.header("content-range");
  const auto range = text ? parse_content_range(*text) : std::nullopt;
  const auto etag = std::string(call.answer.header("etag").value_or(""));
  const bool is_whole_object = call.answer.status == 200 && wanted.first == 0 && call.kept_bytes == 0;
  const bool fits =
      is_whole_object || (call.answer.status == 206 && range && range->first == wanted.first + call.kept_bytes);
  const bool is_same = call.request.etag.empty() || etag.empty() || etag == call.request.etag;
  if (!is_same) {
    S3Error changed;
    changed.status = 412;
    changed.message = "the object was changed while it was read";
    result.error = to_error(changed, subject_of(call));
    return true;
  }
  const auto length = call.answer.header("content-length");
  const auto promised = range && fits ? std::min(range->total - wanted.first, wanted.count)
                        : length      ? static_cast<std::uint64_t>(parse_integer(*length).value_or(-1))
                                      : call.received.size();
  // An answer that ends with its connection may end anywhere.
  const bool is_measured = range || length || call.answer.header("transfer-encoding");
  const bool is_all = fits && is_measured && call.received.size() == promised;
  if (is_all && call.answer.fault == net::TransportFault::none) {
    return true;
  }
  if (!fits || is_whole_object || call.received.size() > promised) {
    call.received.resize(call.kept_bytes);
  }
  if (call.received.size() >= call.kept_bytes + k_progress_bytes) {
    call.tries = 0;
  }
  call.kept_bytes = call.received.size();
  if (call.kept_bytes > 0) {
    call.request.etag = etag;
  }
  if (call.answer.fault == net::TransportFault::none) {
    call.answer.fault = net::TransportFault::cut;
    call.answer.fault_text = fits ? "the answer is shorter than it says" : "the answer is not what was asked for";
  }
  act_on(call, {}, result);
  return false;
}

/// Takes the document out of an answer; false if it is an error or makes no sense, which is acted on.
bool S3Client::take_document(Call& call, S3Answer& result) {
  auto xml = parse_xml(call.answer.body);
  if (xml && xml->name == call.request.expected_root) {
    result.xml = *std::move(xml);
    return true;
  }
  auto error = read_s3_error(call.answer);
  if (error.code.empty()) {
    call.answer.fault = net::TransportFault::cut;
    call.answer.fault_text = "the answer is not the document that was expected";
  }
  act_on(call, error, result);
  return false;
}

void S3Client::act_on(Call& call, const S3Error& error, S3Answer& result) {
  const auto action = judge(call.answer, error, call.signed_with.region);
  if (action == S3Action::retry || action == S3Action::retry_once) {
    const auto hint = net::read_retry_hint(call.answer, signing_time());
    if (call.tries < tries_allowed(action, call.answer.fault) && !hint.is_too_long) {
      send_again(call, hint.delay.value_or(s3_retry_delay(call.tries, with_.random())));
      return;
    }
  } else if (action != S3Action::fail && correct(call, action, error)) {
    return;
  }
  result.code = error.code;
  result.error = call.answer.fault != net::TransportFault::none ? to_error(call.answer, subject_of(call))
                                                                : to_error(error, subject_of(call));
  finish(call, std::move(result));
}

/// Changes what the request is signed with, and sends it again; false if there is nothing to change.
bool S3Client::correct(Call& call, S3Action action, const S3Error& error) {
  if (++call.corrections > k_most_corrections) {
    return false;
  }
  switch (action) {
  case S3Action::use_region:
    if (location_.region != error.region) {
      log_info("the bucket " + quote(location_.bucket) + " is in the region " + quote(error.region));
      location_.move_to_region(error.region);
      location_.region_origin = "server";
    }
    break;
  case S3Action::follow:
    if (!follow(call.answer)) {
      return false;
    }
    break;
  case S3Action::set_clock:
    if (!learn_time(call)) {
      return false;
    }
    break;
  case S3Action::new_credentials:
    if (call.signed_with.credentials == credentials_) {
      with_.credentials.forget();
      ++credentials_;
    }
    break;
  default:
    return false;
  }
  send_again(call, milliseconds::zero());
  return true;
}

/// Goes on at the host that the answer names; never from https to http.
bool S3Client::follow(const net::HttpAnswer& answer) {
  const std::string url(answer.header("location").value_or(""));
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string::npos) {
    return false;
  }
  const auto scheme = to_lower_ascii(url.substr(0, scheme_end));
  auto host = url.substr(scheme_end + 3, url.find_first_of("/?#", scheme_end + 3) - scheme_end - 3);
  const auto bucket_part = location_.bucket + ".";
  if (location_.addressing == Addressing::virtual_host) {
    host.erase(0, host.starts_with(bucket_part) ? bucket_part.size() : host.size());
  }
  const bool is_safe = scheme == "https" || (scheme == "http" && location_.endpoint.scheme == "http");
  if (host.empty() || !is_safe || host.find('@') != std::string::npos) {
    return false;
  }
  log_info("the storage sends requests on to " + quote(host));
  location_.endpoint.scheme = scheme;
  location_.endpoint.host = host;
  return true;
}

/// Takes the server's time; false if the request was signed with it already.
bool S3Client::learn_time(const Call& call) {
  const auto date = call.answer.header("date");
  const auto time = date ? net::parse_http_date(*date) : std::nullopt;
  if (!time) {
    return false;
  }
  constexpr std::chrono::minutes k_small{1};
  const std::chrono::microseconds offset(time->microseconds - with_.wall.now().microseconds);
  if (std::chrono::abs(offset - clock_offset_) > k_small) {
    clock_offset_ = offset;
    log_warn("the clock of this machine is " + std::to_string(std::chrono::abs(offset) / std::chrono::minutes(1)) +
             " minutes off that of the storage");
  }
  return std::chrono::abs(clock_offset_ - call.signed_with.clock_offset) > k_small;
}

void S3Client::send_again(Call& call, milliseconds after) {
  if (is_logged(LogLevel::info)) {
    log_info(call.request.method + " " + quote(call.request.key) + " again in " + std::to_string(after.count()) +
             " ms: " +
             (call.answer.fault_text.empty() ? "HTTP " + std::to_string(call.answer.status) : call.answer.fault_text));
  }
  call.received.resize(call.kept_bytes);
  call.answer = {};
  call.due = {with_.steady.now().microseconds + std::chrono::microseconds(after).count()};
  call.stage = Stage::due;
}

}  // namespace lumi::store
