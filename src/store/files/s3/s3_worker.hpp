#pragma once
#include "base/clock.hpp"
#include "store/files/s3/s3_client.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lumi::store {

/// Whoever waits for the worker looks so often whether it is to stop.
inline constexpr std::chrono::milliseconds k_look_around{50};

/// What an S3 client is made of.
struct S3Parts {
  std::unique_ptr<net::HttpClient> http;
  std::unique_ptr<AwsCredentialsProvider> credentials;
  S3Location location;
  const Clock* wall = nullptr;
  const Clock* steady = nullptr;
};

/// Runs an S3 client on a thread of its own, so that the network goes on while the caller reads, hashes and writes.
/// The thread and the client are made by the first request. Thread-safe.
class S3Worker {
public:
  using Open = std::function<S3Parts()>;

  /// `open` is called on the worker's thread; what it throws is the outcome of every request.
  explicit S3Worker(Open open) : open_(std::move(open)) {}

  /// Drops what is under way, without a call.
  ~S3Worker();
  S3Worker(const S3Worker&) = delete;
  S3Worker& operator=(const S3Worker&) = delete;

  /// Takes on a request; `done` is called on the worker's thread, exactly once, unless the worker goes before.
  void start(S3Request request, S3Client::Done done);

  /// Makes a request and waits for its answer. Throws Error{interrupted} if a signal asks the process to stop.
  S3Answer send(S3Request request);

  /// Like `send`, also while the process is asked to stop, but for `limit` at the most; nothing if that is over.
  std::optional<S3Answer> send_at_last(S3Request request, std::chrono::milliseconds limit);

  /// Makes the request `make` returns for each number below `count`, some at a time, and gives `take` the answers in
  /// any order, on the caller's thread. Throws Error{interrupted} as `send`.
  void send_many(std::size_t count,
                 const std::function<S3Request(std::size_t)>& make,
                 const std::function<void(std::size_t, S3Answer)>& take);

  /// Ends the requests of a group.
  void cancel(std::uint64_t group);

  /// As S3Client::presign.
  std::string presign(const std::string& key, std::chrono::seconds valid_for);

  /// As S3Client::access.
  StorageAccess access();

  /// A number for S3Request::group that nobody else has.
  std::uint64_t new_group() { return ++last_group_; }

private:
  using Task = std::function<void(S3Client&)>;
  struct Waiting;

  void post(Task task, S3Client::Done refuse);
  template <class Result>
  Result ask(std::function<Result(S3Client&)> what);
  void run();
  void serve(const S3Parts& parts);
  void refuse_all(const Error& error);

  Open open_;
  std::atomic<std::uint64_t> last_group_{0};
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<std::pair<Task, S3Client::Done>> posted_;  // and who is told if there is no client
  net::HttpClient* http_ = nullptr;                      // to be woken
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace lumi::store
