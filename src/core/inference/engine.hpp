#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "core/chat/chat_request.hpp"
#include "core/chat/cost.hpp"
#include "core/inference/concurrency.hpp"
#include "core/inference/sample_log.hpp"
#include "core/inference/sample_source.hpp"
#include "net/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::store {
class ResponseCache;
}

namespace lumi::inference {

class EngineLoop;
class RateLimiter;

/// Whether the first sample in error or refused ends the job.
enum class FailFast { no, yes };

/// How a job is run.
struct EngineSettings {
  ConcurrencySettings concurrency;
  std::int64_t max_retries = 5;
  std::optional<std::chrono::milliseconds> timeout;  ///< of the whole run
  std::optional<double> max_cost;                    ///< USD; needs a price
  std::optional<std::int64_t> max_total_tokens;
  FailFast fail_fast = FailFast::no;
};

/// How far a run is.
struct Progress {
  std::uint64_t done = 0;  ///< samples that are finished, those of earlier runs included
  std::uint64_t total = 0;
  std::uint64_t failed = 0;  ///< in error or refused
  std::uint64_t in_flight = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t retries = 0;
  Spending spending;
};

/// Called after every turn of the loop; may throw to end the run.
using ProgressCallback = std::function<void(const Progress&)>;

/// What a run works with. All but `cache` and `limiter` must be there, and outlive the run.
struct EngineParts {
  net::HttpClient& client;
  chat::RequestBuilder& builder;
  SampleLog& log;
  store::ResponseCache* cache = nullptr;
  RateLimiter* limiter = nullptr;
  std::optional<chat::Price> price;
  const Clock& steady;             ///< for waits
  const Clock& clock;              ///< the time of day
  std::function<double()> random;  ///< from [0, 1)
  /// Told of samples that are refused or in error.
  std::function<void(const SampleRecord&)> on_failure = {};
  /// Called before each turn of sending; what it throws ends the run.
  std::function<void()> before_turn = {};
};

/// Asks the model about every sample that is not finished, many at a time on this thread, and puts each answer into the
/// log as it comes. Memory grows with the samples in flight, not with the dataset.
class Engine {
public:
  Engine(EngineParts parts, EngineSettings settings, std::optional<std::string> system_prompt);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Runs until every sample is finished, or returns why it stopped before: `interrupted`, `budget`, `credentials`,
  /// `unavailable`, `failure` (FailFast). What has come by then is in the log. Throws what the log and the file throw.
  std::optional<Error> run(const SampleSpec& samples, const ProgressCallback& progress = {});

  /// Of this run.
  std::uint64_t cache_hits() const;
  std::uint64_t retries() const;

private:
  std::unique_ptr<EngineLoop> loop_;
};

/// What the cache knows an answer by: everything that shapes it.
std::string cache_key(const chat::Endpoint& endpoint, std::string_view body);

}  // namespace lumi::inference
