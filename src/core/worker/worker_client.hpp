#pragma once
#include "base/error.hpp"
#include "core/worker/worker_link.hpp"
#include "core/worker/worker_message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lumi::worker {

/// How much a worker may take before it is given up.
struct WorkerLimits {
  std::chrono::milliseconds hello{30'000};           ///< from its start to its first line
  std::chrono::milliseconds ready{1'800'000};        ///< to get ready: models are loaded, perhaps fetched, meanwhile
  std::chrono::milliseconds stop{2'000};             ///< to end once it was asked to
  std::size_t line = std::size_t{16} * 1024 * 1024;  ///< bytes
  int ends_in_a_row = 8;                             ///< without an answer in between
};

/// Which worker does what.
struct WorkerSettings {
  std::string name;  ///< in messages
  ProgramStart program;
  std::string method;               ///< of its methods, the one that is used
  std::string options_json = "{}";  ///< what the method works with: models, say
  std::size_t max_in_flight = 1;    ///< requests that it gets at a time, unless it wants fewer
  WorkerLimits limits;
  /// Told what the worker writes to its standard error and how far it is.
  std::function<void(std::string_view)> on_log;
};

/// What became of a request.
struct WorkerAnswer {
  std::string message;  ///< a JSON object: the worker's `result` or `error`; empty if it was cancelled
  std::chrono::microseconds took{0};
};

/// Starts the worker, has it say hello, and ends it. Throws `usage` if it cannot be started, does not speak this
/// protocol, or says that something is missing.
void check_worker(const WorkerSettings& settings);

/// Gives requests to a worker that is started when the first one comes: `ask` and then call `wait` again and again. A
/// worker that ends or hangs is started again. Of several requests that it had then, each is given to it alone, so that
/// the one that it cannot do is found: that one is answered with an error, once it has ended two workers or one has
/// hung over it. Not thread-safe, but for `wake`. Destroying a client ends the worker, and drops its requests.
class WorkerClient {
public:
  using Done = std::function<void(WorkerAnswer)>;

  explicit WorkerClient(WorkerSettings settings);
  ~WorkerClient();
  WorkerClient(const WorkerClient&) = delete;
  WorkerClient& operator=(const WorkerClient&) = delete;

  /// Takes on a request; `wait` calls `done` exactly once. The worker hangs if it says nothing for `limit` although it
  /// has the request. Returns the request's number, never 0.
  std::uint64_t ask(std::string params_json, std::chrono::milliseconds limit, Done done);

  /// Ends a request: its `done` is called by the next `wait`. Nothing happens if it is over.
  void cancel(std::uint64_t id);

  /// How many requests are not yet done.
  std::size_t running() const { return running_; }

  /// Moves requests on until one of them is done, `limit` is over, `wake` was called or a signal asked the process to
  /// stop meanwhile. Throws `usage`, `not_found`, `credentials` or `unavailable` if the worker will answer none of
  /// them; later calls throw the same, once all that was cancelled is done.
  void wait(std::chrono::milliseconds limit);

  /// Makes a `wait` in progress, or else the next one, return at once. Any thread may call this.
  void wake();

private:
  using Time = std::chrono::steady_clock::time_point;
  enum class Stage { none, greeting, opening, ready };

  struct Request {
    std::string params;
    std::chrono::milliseconds limit{0};
    Done done;  // empty if it was cancelled: then only the worker is not done with it
    std::optional<Time> sent;
    bool is_alone = false;  // it was there when a worker ended
    int ends = 0;           // of workers that had it alone
  };

  void start_if_needed();
  void give_requests();
  std::optional<Time> deadline() const;
  void look_at_the_time();
  void read_lines();
  void take(const WorkerMessage& message, const std::string& line);
  void greet(const WorkerMessage& message);
  void take_answer(const WorkerMessage& message, const std::string& line);
  void settle(std::map<std::uint64_t, Request>::iterator request, std::string message);
  void on_end(const std::string& reason, std::string_view code);
  void give_back(const std::string& reason, std::string_view code);
  void report(const WorkerMessage& message);
  bool deliver();
  std::string called() const;

  WorkerSettings settings_;
  UniqueFd wake_up_;
  std::unique_ptr<WorkerLink> link_;
  Stage stage_ = Stage::none;
  Time stage_began_;
  std::size_t most_in_flight_ = 1;
  std::map<std::uint64_t, Request> requests_;  // in the order in which they came
  std::size_t in_flight_ = 0;                  // of those, how many the worker has
  Time last_answer_;
  int ends_in_a_row_ = 0;
  std::optional<Time> not_before_;
  std::optional<Error> fatal_;
  std::deque<std::pair<Done, WorkerAnswer>> finished_;
  std::size_t running_ = 0;
  std::uint64_t last_id_ = 0;
  std::size_t logged_lines_ = 0;
};

}  // namespace lumi::worker
