#pragma once
#include "store/files/s3/s3_worker.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace lumi::store {

/// In an object's metadata: tells what one writer wrote from what others write under the same key.
inline constexpr std::string_view k_s3_mark_header = "x-amz-meta-lumi-upload";

/// What a server answers whose condition does not hold.
inline constexpr int k_precondition_failed = 412;

/// Makes objects under keys that have none yet (Existing::keep): with the server's own condition, so that of two who
/// write at once one is refused, or, on a server without, by looking first. Thread-safe.
class S3Keeping {
public:
  explicit S3Keeping(std::shared_ptr<S3Worker> worker) : worker_(std::move(worker)) {}

  /// Makes the request with which the object appears; its metadata must have `mark`. The answer's error is a
  /// `conflict` if there is an object that is not this one.
  S3Answer send(S3Request request, const std::string& mark);

  /// Whether the server takes conditions, as far as it has said.
  bool has_conditions() const { return has_conditions_; }

  /// Gives the request its condition.
  static void add_condition(S3Request& request);

  /// Whether the answer says that the server has no conditions; remembered.
  bool is_without_conditions(const S3Answer& answer);

  /// Whether the object under the key has this mark: a request whose answer was lost may have been refused when it was
  /// made again.
  bool has_mark(const std::string& key, const std::string& mark);

private:
  bool has_object(const std::string& key);

  std::shared_ptr<S3Worker> worker_;
  std::atomic<bool> has_conditions_ = true;
};

}  // namespace lumi::store
