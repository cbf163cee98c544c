#include "store/files/s3/s3_client.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace lumi::store {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t k_buffer_bytes = 256 * 1024;
// What is larger is worth room of its own; small objects are read with such a range too.
constexpr std::size_t k_large = std::size_t{1} << 20U;

/// The query as it is signed and sent: sorted, everything encoded, every name with a value.
std::string query_of(std::vector<std::pair<std::string, std::string>> parameters) {
  for (auto& [name, value] : parameters) {
    name = percent_encode(name);
    value = percent_encode(value);
  }
  std::ranges::sort(parameters);
  std::string query;
  for (const auto& [name, value] : parameters) {
    query += (query.empty() ? "?" : "&") + name + "=" + value;
  }
  return query;
}

}  // namespace

const S3Answer& S3Answer::checked() const {
  if (error) {
    throw Error(*error);
  }
  return *this;
}

void S3Client::start(S3Request request, Done done) {
  auto& call = calls_.emplace_back();
  call.request = std::move(request);
  call.done = std::move(done);
  call.due = with_.steady.now();
  call.received = std::move(call.request.into);
  call.received.clear();
  if (call.request.range && call.request.range->count > k_large) {
    call.received.reserve(static_cast<std::size_t>(call.request.range->count));
  }
  if (call.request.body_sha256.empty()) {
    call.request.body_sha256 = sha256_hex(call.request.body);
  }
}

void S3Client::cancel(std::uint64_t group) {
  for (Call& call : calls_) {
    if (group != 0 && call.request.group == group && !call.is_cancelled) {
      call.is_cancelled = true;
      if (call.stage == Stage::sent) {
        with_.http.cancel(call.transfer);
      }
    }
  }
}

void S3Client::abandon(const Error& error) {
  for (Call& call : calls_) {
    S3Answer result;
    result.error = error;
    finish(call, std::move(result));
  }
  deliver();
}

void S3Client::wait(milliseconds limit) {
  begin_due();
  if (results_.empty()) {
    auto sleep = limit;
    for (const Call& call : calls_) {
      if (call.stage == Stage::due) {
        const auto left = std::chrono::microseconds(call.due.microseconds - with_.steady.now().microseconds);
        sleep = std::clamp(std::chrono::ceil<milliseconds>(left), milliseconds::zero(), sleep);
      }
    }
    with_.http.wait(sleep);
  }
  // Not in the callbacks of the HTTP client: what follows may use it.
  for (Call& call : calls_) {
    if (call.stage == Stage::answered) {
      take_answer(call);
    }
  }
  calls_.remove_if([](const Call& call) { return call.stage == Stage::over; });
  deliver();
}

void S3Client::deliver() {
  while (!results_.empty()) {
    auto [done, result] = std::move(results_.front());
    results_.pop_front();
    done(std::move(result));
  }
}

void S3Client::begin_due() {
  for (Call& call : calls_) {
    if (call.stage != Stage::due || (call.due > with_.steady.now() && !call.is_cancelled)) {
      continue;
    }
    S3Answer result;
    if (call.is_cancelled) {
      result.error = Error(ErrorCode::interrupted, "cancelled");
    } else {
      try {
        send(call);
      } catch (const Error& error) {
        result.error = error;
      }
    }
    if (result.error) {
      finish(call, std::move(result));
    }
  }
  calls_.remove_if([](const Call& call) { return call.stage == Stage::over; });
}

Timestamp S3Client::signing_time() const { return {with_.wall.now().microseconds + clock_offset_.count()}; }

net::HttpRequest S3Client::http_request(const Call& call) {
  const S3Request& asked = call.request;
  net::HttpRequest request;
  request.method = asked.method;
  request.url = (asked.key.empty() ? location_.bucket_url() : location_.object_url(asked.key)) + query_of(asked.query);
  request.headers = asked.headers;
  request.lent_body = asked.body;
  request.versions = net::HttpVersions::http1;
  request.max_body_bytes = asked.most_bytes;
  if (asked.range) {
    const auto first = asked.range->first + call.kept_bytes;
    request.headers.push_back(
        {"Range",
         "bytes=" + std::to_string(first) + "-" + std::to_string(asked.range->first + asked.range->count - 1)});
    request.max_body_bytes = std::max(request.max_body_bytes, static_cast<std::size_t>(asked.range->count));
  }
  if (!asked.etag.empty()) {
    request.headers.push_back({"If-Match", asked.etag});
  }
  if (asked.body.size() > k_large || (asked.range && asked.range->count > k_large)) {
    request.buffer_bytes = k_buffer_bytes;
  }
  return request;
}

void S3Client::send(Call& call) {
  auto request = http_request(call);
  const auto now = signing_time();
  const auto credentials = with_.credentials.get(with_.http, now);
  signer_.sign(request, credentials, {location_.region, "s3"}, call.request.body_sha256, now);
  call.signed_with = {location_.region, clock_offset_, credentials_};
  ++call.tries;
  net::HttpClient::Chunk chunk;
  if (call.request.range) {
    chunk = [&call](std::string_view bytes) { call.received += bytes; };
  }
  call.stage = Stage::sent;
  call.transfer = with_.http.start(
      std::move(request),
      [&call](net::HttpAnswer answer) {
        call.answer = std::move(answer);
        call.stage = Stage::answered;
      },
      std::move(chunk));
}

void S3Client::finish(Call& call, S3Answer result) {
  call.stage = Stage::over;
  result.http = std::move(call.answer);
  if (call.request.range) {
    result.body = std::move(call.received);
  }
  result.sent = std::move(call.request.body);
  results_.emplace_back(std::move(call.done), std::move(result));
}

S3Subject S3Client::subject_of(const Call& call) const {
  return {call.request.doing, call.request.key, location_.bucket, location_.endpoint.url()};
}

std::string S3Client::presign(const std::string& key, std::chrono::seconds valid_for) {
  net::HttpRequest request;
  request.url = location_.object_url(key);
  const auto now = signing_time();
  return signer_.presign_url(request, with_.credentials.get(with_.http, now), {location_.region, "s3"}, valid_for, now);
}

StorageAccess S3Client::access() {
  return {location_.endpoint.url(),
          location_.endpoint.origin,
          location_.region,
          location_.region_origin,
          std::string(to_string(location_.addressing)),
          with_.credentials.get(with_.http, signing_time()).source};
}

}  // namespace lumi::store
