#pragma once
#include "core/chat/answer_reader.hpp"
#include "core/inference/budget.hpp"
#include "core/inference/engine.hpp"
#include "core/inference/failure_watch.hpp"
#include "core/inference/waiting_room.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lumi::inference {

/// How long requests on their way are waited for once a job stops.
inline constexpr std::int64_t k_drain_us = 2'000'000;

/// Retries that may be under way without answers in between; each answer earns a part of one back.
inline constexpr double k_retry_budget = 64;

/// One run of an Engine: a loop on one thread that sends what may be sent, waits for what comes, and decides what
/// becomes of it.
class EngineLoop {
public:
  EngineLoop(EngineParts parts, EngineSettings settings, std::optional<std::string> system_prompt);
  ~EngineLoop();
  EngineLoop(const EngineLoop&) = delete;
  EngineLoop& operator=(const EngineLoop&) = delete;

  /// See Engine::run.
  std::optional<Error> run(const SampleSpec& samples, const ProgressCallback& progress);

  std::uint64_t cache_hits() const { return cache_hits_; }
  std::uint64_t retries() const { return retries_; }

private:
  // A request on its way. Slots are used again, so that their texts' memory is.
  struct Flight {
    WaitingSample sample;
    std::uint64_t revision = 0;
    std::int64_t started_us = 0;
    net::TransferId transfer{};
    std::optional<chat::StreamReader> stream;
    bool is_active = false;
  };

  std::int64_t now_us() const { return parts_.steady.now().microseconds; }
  std::size_t limit() const { return retry_budget_ < 1 ? 1 : concurrency_.limit(); }
  bool may_read_more() const;
  std::vector<chat::Message> messages_of(const std::string& prompt) const;

  void take_turn(SampleSource& source);
  bool has_next(SampleSource& source);
  bool read_next(SampleSource& source);
  bool has_turn();
  bool answer_from_cache();
  void send(WaitingSample sample);
  Flight& free_flight();
  void on_done(Flight& flight, const net::HttpAnswer& answer);
  void settle(Flight& flight, const chat::Outcome& outcome);
  const std::string& left_out();
  void on_answer(const WaitingSample& sample, const chat::ChatAnswer& answer);
  void adjust(Flight& flight, const chat::Verdict& verdict);
  void ease_off(const Flight& flight, const chat::Verdict& verdict);
  void retry(WaitingSample sample, const chat::Verdict& verdict);
  void fail(const WaitingSample& sample, const chat::Verdict& verdict);
  void keep(const std::vector<SampleRecord>& records);
  void keep(const SampleRecord& record);
  void look_for_stops();
  void stop(Error error, std::optional<std::int64_t> drain_us);
  std::chrono::milliseconds time_to_wait() const;
  void finish();
  void cancel_all();
  Progress progress_now() const;

  EngineParts parts_;
  EngineSettings settings_;
  std::optional<std::string> system_prompt_;
  std::optional<chat::RequestBuilder> as_asked_;  // what the cache goes by: nothing left out, not streamed
  ConcurrencyController concurrency_;
  Budget budget_;
  FailureWatch failures_;
  WaitingRoom waiting_;
  std::vector<std::unique_ptr<Flight>> flights_;
  std::size_t in_flight_ = 0;
  std::optional<WaitingSample> next_;
  std::optional<std::int64_t> turn_us_;
  std::optional<std::int64_t> wake_us_;  // when to ask again for what may not start yet
  bool has_more_ = true;
  double retry_budget_;
  std::string left_out_;  // what adjustments of this revision come to
  std::optional<std::uint64_t> left_out_revision_;
  std::int64_t started_us_ = 0;
  std::optional<Error> stop_;
  std::optional<std::int64_t> drain_until_us_;
  std::uint64_t cache_hits_ = 0;
  std::uint64_t retries_ = 0;
};

}  // namespace lumi::inference
