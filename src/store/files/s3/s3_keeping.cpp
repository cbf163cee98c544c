#include "store/files/s3/s3_keeping.hpp"

#include "store/files/object_store.hpp"

#include <utility>

namespace lumi::store {

namespace {

constexpr int k_not_implemented = 501;

}  // namespace

void S3Keeping::add_condition(S3Request& request) { request.headers.push_back({"If-None-Match", "*"}); }

bool S3Keeping::is_without_conditions(const S3Answer& answer) {
  if (answer.http.status != k_not_implemented && answer.code != "NotImplemented") {
    return false;
  }
  has_conditions_ = false;
  return true;
}

bool S3Keeping::has_mark(const std::string& key, const std::string& mark) {
  const auto answer = worker_->send({.doing = "cannot look at the object", .method = "HEAD", .key = key});
  return !answer.error && answer.http.header(k_s3_mark_header) == mark;
}

bool S3Keeping::has_object(const std::string& key) {
  return !worker_->send({.doing = "cannot look at the object", .method = "HEAD", .key = key}).error;
}

S3Answer S3Keeping::send(S3Request request, const std::string& mark) {
  const auto key = request.key;
  // Ceph's gateway heeds the condition of a PUT, but not that of the end of an upload.
  const bool is_completion = request.method == "POST";
  if ((is_completion || !has_conditions_) && has_object(key)) {
    S3Answer refused;
    refused.sent = std::move(request.body);
    refused.error = object_exists(key);
    return refused;
  }
  if (has_conditions_) {
    auto body = std::exchange(request.body, {});
    auto unconditional = request;
    request.body = std::move(body);
    add_condition(request);
    auto answer = worker_->send(std::move(request));
    if (!is_without_conditions(answer)) {
      if (answer.http.status == k_precondition_failed) {
        answer.error = has_mark(key, mark) ? std::nullopt : std::optional(object_exists(key));
      }
      return answer;
    }
    unconditional.body = std::move(answer.sent);
    return send(std::move(unconditional), mark);
  }
  return worker_->send(std::move(request));
}

}  // namespace lumi::store
