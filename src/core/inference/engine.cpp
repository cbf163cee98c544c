#include "core/inference/engine.hpp"

#include "base/interrupt.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "core/chat/answer_reader.hpp"
#include "core/chat/retry_delay.hpp"
#include "core/inference/answer_record.hpp"
#include "core/inference/budget.hpp"
#include "core/inference/failure_watch.hpp"
#include "core/inference/rate_limiter.hpp"
#include "core/inference/waiting_room.hpp"
#include "store/response_cache.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace lumi::inference {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::int64_t k_drain_us = 2'000'000;
constexpr std::int64_t k_longest_wait_us = 1'000'000;
constexpr int k_hits_a_turn = 64;
constexpr int k_most_adjustments = 16;
// Retries that may be under way at a time without answers in between; each answer earns a part of one.
constexpr double k_retry_budget = 64;
constexpr double k_retry_earned = 0.25;

bool is_overload(const chat::Verdict& verdict) {
  return verdict.kind == chat::FailureKind::rate_limit || verdict.status == 503 || verdict.status == 529;
}

}  // namespace

std::string cache_key(const chat::Endpoint& endpoint, std::string_view body) {
  Sha256 hash;
  const std::string_view protocol = endpoint.provider->protocol == chat::Protocol::openai ? "openai" : "anthropic";
  for (const std::string_view part : {std::string_view("1"), protocol, std::string_view(endpoint.url), body}) {
    hash.update(part);
    hash.update({"\0", 1});
  }
  return hash.hex_digest();
}

class Engine::Loop {
public:
  Loop(EngineParts parts, EngineSettings settings, std::optional<std::string> system_prompt)
      : parts_(std::move(parts)), settings_(settings), system_prompt_(std::move(system_prompt)),
        concurrency_(settings_.concurrency), budget_(settings_, parts_.log, parts_.price) {
    if (parts_.cache != nullptr) {
      as_asked_.emplace(parts_.builder);
    }
  }

  ~Loop() { cancel_all(); }

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
  std::array<chat::Message, 2> messages_of(const std::string& prompt, std::size_t& count) const;

  void take_turn(SampleSource& source);
  bool has_next(SampleSource& source);
  bool read_next(SampleSource& source);
  bool has_turn();
  bool answer_from_cache();
  void send(WaitingSample sample);
  Flight& free_flight();
  void on_done(Flight& flight, const net::HttpAnswer& answer);
  void settle(Flight& flight, chat::Outcome outcome);
  void on_answer(const WaitingSample& sample, const chat::ChatAnswer& answer);
  void adjust(Flight& flight, const chat::Verdict& verdict);
  void retry(WaitingSample sample, const chat::Verdict& verdict);
  void fail(const WaitingSample& sample, const chat::Verdict& verdict);
  void keep(const std::vector<SampleRecord>& records);
  void keep(const SampleRecord& record);
  void look_for_stops();
  void stop(Error error, std::optional<std::int64_t> drain_us);
  milliseconds time_to_wait() const;
  void finish();
  void cancel_all();
  Progress progress_now() const;

  EngineParts parts_;
  EngineSettings settings_;
  std::optional<std::string> system_prompt_;
  std::optional<chat::RequestBuilder> as_asked_;  // without what the endpoint refused: what the cache goes by
  ConcurrencyController concurrency_;
  Budget budget_;
  FailureWatch failures_;
  WaitingRoom waiting_;
  std::vector<std::unique_ptr<Flight>> flights_;
  std::size_t in_flight_ = 0;
  std::optional<WaitingSample> next_;
  std::optional<std::int64_t> turn_us_;
  bool has_more_ = true;
  double retry_budget_ = k_retry_budget;
  std::int64_t started_us_ = 0;
  std::optional<Error> stop_;
  std::optional<std::int64_t> drain_until_us_;
  std::uint64_t cache_hits_ = 0;
  std::uint64_t retries_ = 0;
};

std::optional<Error> Engine::Loop::run(const SampleSpec& samples, const ProgressCallback& progress) {
  SampleSource source(samples);
  started_us_ = now_us();
  for (;;) {
    look_for_stops();
    if (!stop_) {
      take_turn(source);
    }
    parts_.log.write();
    if (progress) {
      progress(progress_now());
    }
    const bool is_drained = stop_ && (in_flight_ == 0 || (drain_until_us_ && now_us() >= *drain_until_us_));
    if (is_drained || (!next_ && !has_more_ && waiting_.empty() && in_flight_ == 0)) {
      break;
    }
    parts_.client.wait(time_to_wait());
  }
  finish();
  return stop_;
}

// --- What is sent ---

void Engine::Loop::take_turn(SampleSource& source) {
  for (int hits = 0; hits < k_hits_a_turn && in_flight_ < limit();) {
    if (!has_next(source)) {
      return;
    }
    if (answer_from_cache()) {
      ++hits;
      continue;
    }
    const auto max_new_tokens = parts_.builder.settings().generation.max_new_tokens;
    if (!budget_.has_room(in_flight_, next_->prompt_tokens, max_new_tokens) || !has_turn()) {
      return;
    }
    turn_us_.reset();
    send(*std::exchange(next_, std::nullopt));
  }
}

bool Engine::Loop::has_next(SampleSource& source) {
  if (!next_) {
    next_ = waiting_.take_due(now_us());
  }
  // Those that wait for another try hold their texts in memory.
  if (!next_ && has_more_ && waiting_.size() <= 4 * limit() + 16) {
    has_more_ = read_next(source);
  }
  return next_.has_value();
}

bool Engine::Loop::read_next(SampleSource& source) {
  SampleInput input;
  while (source.next(input)) {
    if (parts_.log.has(input.sample)) {
      continue;
    }
    WaitingSample sample;
    sample.sample = input.sample;
    sample.row = input.row;
    sample.prompt = source.prompt();
    sample.prompt_tokens = chat::estimate_tokens(sample.prompt);
    next_ = std::move(sample);
    return true;
  }
  return false;
}

bool Engine::Loop::has_turn() {
  if (parts_.limiter == nullptr) {
    return true;
  }
  if (!turn_us_) {
    // Half of what it may say: answers rarely use all of it, and `settle` corrects.
    next_->reserved_tokens = next_->prompt_tokens + parts_.builder.settings().generation.max_new_tokens / 2;
    turn_us_ = parts_.limiter->take_turn(static_cast<std::uint64_t>(next_->reserved_tokens)).microseconds;
  }
  turn_us_ = std::max(*turn_us_, parts_.limiter->held_until().microseconds);
  return *turn_us_ <= now_us();
}

bool Engine::Loop::answer_from_cache() {
  if (parts_.cache == nullptr || next_->tries > 0) {
    return false;
  }
  std::size_t count = 0;
  const auto messages = messages_of(next_->prompt, count);
  next_->cache_key = cache_key(as_asked_->endpoint(), as_asked_->body({messages.data(), count}));
  const auto kept = parts_.cache->find(next_->cache_key);
  if (!kept) {
    return false;
  }
  auto record = find_cached_record(*kept);
  if (!record) {
    return false;
  }
  record->sample = next_->sample;
  record->row = next_->row;
  ++cache_hits_;
  next_.reset();
  keep(*record);
  return true;
}

std::array<chat::Message, 2> Engine::Loop::messages_of(const std::string& prompt, std::size_t& count) const {
  const chat::Message user{chat::Role::user, prompt};
  count = system_prompt_ ? 2 : 1;
  return system_prompt_ ? std::array{chat::Message{chat::Role::system, *system_prompt_}, user} : std::array{user, user};
}

Engine::Loop::Flight& Engine::Loop::free_flight() {
  for (const auto& flight : flights_) {
    if (!flight->is_active) {
      return *flight;
    }
  }
  return *flights_.emplace_back(std::make_unique<Flight>());
}

void Engine::Loop::send(WaitingSample sample) {
  Flight& flight = free_flight();
  flight.sample = std::move(sample);
  flight.revision = parts_.builder.revision();
  flight.started_us = now_us();
  flight.is_active = true;
  ++flight.sample.tries;
  ++in_flight_;
  std::size_t count = 0;
  const auto messages = messages_of(flight.sample.prompt, count);
  net::HttpClient::Chunk on_piece;
  if (parts_.builder.settings().delivery == chat::Delivery::stream) {
    flight.stream.emplace(parts_.builder.context());
    on_piece = [this, &flight](std::string_view piece) {
      flight.stream->take(piece, microseconds(now_us() - flight.started_us));
    };
  }
  flight.transfer = parts_.client.start(
      parts_.builder.build({messages.data(), count}),
      [this, &flight](const net::HttpAnswer& answer) { on_done(flight, answer); },
      std::move(on_piece));
}

// --- What comes back ---

void Engine::Loop::on_done(Flight& flight, const net::HttpAnswer& answer) {
  flight.is_active = false;
  --in_flight_;
  const auto now = parts_.clock.now();
  auto outcome = flight.stream ? flight.stream->finish(answer, now)
                               : chat::read_answer(answer, parts_.builder.context(), now);
  flight.stream.reset();
  if (parts_.limiter != nullptr) {
    const auto used = outcome.answer.usage.total_tokens.value_or(flight.sample.reserved_tokens);
    parts_.limiter->settle(static_cast<std::uint64_t>(flight.sample.reserved_tokens),
                           static_cast<std::uint64_t>(std::max<std::int64_t>(used, 0)));
  }
  settle(flight, std::move(outcome));
}

void Engine::Loop::settle(Flight& flight, chat::Outcome outcome) {
  using Action = chat::Verdict::Action;
  const auto& verdict = outcome.verdict;
  if (verdict.kind == chat::FailureKind::cancelled) {
    return;
  }
  switch (verdict.action) {
  case Action::accept:
    return on_answer(flight.sample, outcome.answer);
  case Action::adjust:
    return adjust(flight, verdict);
  case Action::retry:
    return retry(std::move(flight.sample), verdict);
  case Action::fail:
    return fail(flight.sample, verdict);
  }
}

void Engine::Loop::on_answer(const WaitingSample& sample, const chat::ChatAnswer& answer) {
  concurrency_.on_answer(answer.latency);
  retry_budget_ = std::min(k_retry_budget, retry_budget_ + k_retry_earned);
  const auto record = answer_record(sample, answer);
  if (parts_.cache != nullptr && is_worth_keeping(record)) {
    parts_.cache->put(sample.cache_key, to_json(cached_record(record)), parts_.clock.now());
  }
  keep(failures_.on_answer());
  keep(record);
}

void Engine::Loop::adjust(Flight& flight, const chat::Verdict& verdict) {
  auto& sample = flight.sample;
  const bool can_go_on =
      ++sample.adjustments <= k_most_adjustments &&
      parts_.builder.adjust(*verdict.adjustment, flight.revision) != chat::RequestBuilder::Adjusted::impossible;
  if (!can_go_on) {
    return fail(sample, verdict);
  }
  --sample.tries;
  ++sample.adjusted_requests;
  waiting_.add(std::move(sample), now_us());
}

void Engine::Loop::retry(WaitingSample sample, const chat::Verdict& verdict) {
  if (is_overload(verdict)) {
    concurrency_.on_overload(parts_.steady.now());
    if (parts_.limiter != nullptr && verdict.server_delay) {
      parts_.limiter->hold_until({now_us() + microseconds(*verdict.server_delay).count()});
    }
  }
  if (stop_) {
    return;
  }
  if (sample.tries > settings_.max_retries) {
    return fail(sample, verdict);
  }
  ++retries_;
  retry_budget_ -= 1;
  const auto delay = chat::retry_delay(verdict, sample.tries, parts_.random());
  waiting_.add(std::move(sample), now_us() + microseconds(delay).count());
}

void Engine::Loop::fail(const WaitingSample& sample, const chat::Verdict& verdict) {
  if (stop_ && (chat::is_auth_or_quota(verdict.kind) || chat::is_unreachable(verdict.kind))) {
    return;
  }
  keep(failures_.on_failure(failure_record(sample, verdict), verdict.kind));
}

void Engine::Loop::keep(const std::vector<SampleRecord>& records) {
  for (const auto& record : records) {
    keep(record);
  }
}

void Engine::Loop::keep(const SampleRecord& record) {
  parts_.log.add(record);
  const bool has_failed =
      record.status == evaluation::SampleStatus::error || record.status == evaluation::SampleStatus::refused;
  if (has_failed && parts_.on_failure) {
    parts_.on_failure(record);
  }
  if (has_failed && settings_.fail_fast == FailFast::yes) {
    stop(Error(ErrorCode::failure,
               "row " + std::to_string(record.row) + " failed: " + record.error,
               "'lumi job resume' goes on; without --fail-fast one sample does not end a job"),
         k_drain_us);
  }
}

// --- When it ends ---

void Engine::Loop::look_for_stops() {
  if (pending_interrupt() != 0) {
    return stop(Error(ErrorCode::interrupted, "interrupted"), k_drain_us);
  }
  if (failures_.stop()) {
    return stop(*failures_.stop(), k_drain_us);
  }
  // What is on its way has been paid for.
  if (auto exhausted = budget_.exhausted()) {
    return stop(*std::move(exhausted), std::nullopt);
  }
  if (settings_.timeout && now_us() - started_us_ >= microseconds(*settings_.timeout).count()) {
    stop(Error(ErrorCode::budget,
               "the job has reached its time limit",
               "'lumi job resume' goes on with what is left"),
         k_drain_us);
  }
}

void Engine::Loop::stop(Error error, std::optional<std::int64_t> drain_us) {
  const bool is_interrupt = error.code() == ErrorCode::interrupted;
  if (stop_ && (!is_interrupt || stop_->code() == ErrorCode::interrupted)) {
    return;
  }
  stop_ = std::move(error);
  if (drain_us) {
    drain_until_us_ = now_us() + *drain_us;
  }
}

milliseconds Engine::Loop::time_to_wait() const {
  const auto now = now_us();
  auto until = now + k_longest_wait_us;
  const auto wake_at = [&](std::optional<std::int64_t> time) { until = std::min(until, time.value_or(until)); };
  wake_at(drain_until_us_);
  if (!stop_) {
    wake_at(turn_us_);
    wake_at(in_flight_ < limit() ? waiting_.next_due() : std::nullopt);
    wake_at(settings_.timeout ? std::optional(started_us_ + microseconds(*settings_.timeout).count()) : std::nullopt);
    // Cached answers are taken a few at a time: there are more at once.
    if (next_ == std::nullopt && has_more_ && in_flight_ < limit() && waiting_.size() <= 4 * limit() + 16) {
      return milliseconds(0);
    }
  }
  return std::chrono::ceil<milliseconds>(microseconds(std::max<std::int64_t>(0, until - now)));
}

void Engine::Loop::finish() {
  cancel_all();
  if (!stop_) {
    keep(failures_.at_end());
    if (failures_.stop()) {
      stop_ = failures_.stop();
    }
  }
  if (parts_.cache != nullptr) {
    parts_.cache->flush();
  }
  parts_.log.sync();
}

void Engine::Loop::cancel_all() {
  for (const auto& flight : flights_) {
    if (flight->is_active) {
      parts_.client.cancel(flight->transfer);
    }
  }
  while (in_flight_ > 0) {
    parts_.client.wait(milliseconds(0));
  }
}

Progress Engine::Loop::progress_now() const {
  using evaluation::SampleStatus;
  const auto& counts = parts_.log.counts();
  Progress progress;
  progress.done = counts.total();
  progress.total = parts_.log.size();
  progress.failed = counts.of(SampleStatus::error) + counts.of(SampleStatus::refused);
  progress.in_flight = in_flight_;
  progress.cache_hits = cache_hits_;
  progress.retries = retries_;
  progress.spending = parts_.log.spending();
  return progress;
}

Engine::Engine(EngineParts parts, EngineSettings settings, std::optional<std::string> system_prompt)
    : loop_(std::make_unique<Loop>(std::move(parts), settings, std::move(system_prompt))) {}

Engine::~Engine() = default;

std::optional<Error> Engine::run(const SampleSpec& samples, const ProgressCallback& progress) {
  return loop_->run(samples, progress);
}

std::uint64_t Engine::cache_hits() const { return loop_->cache_hits(); }

std::uint64_t Engine::retries() const { return loop_->retries(); }

}  // namespace lumi::inference
