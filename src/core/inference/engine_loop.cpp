#include "core/inference/engine_loop.hpp"

#include "base/interrupt.hpp"
#include "core/inference/answer_record.hpp"
#include "core/inference/rate_limiter.hpp"
#include "store/response_cache.hpp"

#include <algorithm>
#include <utility>

namespace lumi::inference {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::int64_t k_longest_wait_us = 1'000'000;
constexpr std::int64_t k_ask_again_us = 10'000;
constexpr int k_hits_a_turn = 64;

}  // namespace

EngineLoop::EngineLoop(EngineParts parts, EngineSettings settings, std::optional<std::string> system_prompt)
    : parts_(std::move(parts)), settings_(settings), system_prompt_(std::move(system_prompt)),
      concurrency_(settings_.concurrency), budget_(settings_, parts_.log, parts_.price), retry_budget_(k_retry_budget) {
  if (parts_.cache != nullptr) {
    auto whole = parts_.builder.settings();
    whole.delivery = chat::Delivery::whole;
    as_asked_.emplace(parts_.builder.endpoint(), chat::ApiKey(), std::move(whole));
  }
}

EngineLoop::~EngineLoop() {
  try {
    cancel_all();
  } catch (const std::exception&) {  // what ended the run is on its way already
  }
}

std::optional<Error> EngineLoop::run(const SampleSpec& samples, const ProgressCallback& progress) {
  SampleSource source(samples);
  started_us_ = now_us();
  for (;;) {
    if (parts_.before_turn) {
      parts_.before_turn();
    }
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

void EngineLoop::take_turn(SampleSource& source) {
  wake_us_.reset();
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

bool EngineLoop::may_read_more() const {
  // Those that wait for another try hold their texts in memory.
  return waiting_.size() <= 4 * limit() + 16;
}

bool EngineLoop::has_next(SampleSource& source) {
  if (!next_ && !waiting_.empty()) {
    next_ = waiting_.take_due(now_us());
  }
  if (!next_ && has_more_ && may_read_more()) {
    has_more_ = read_next(source);
  }
  return next_.has_value();
}

bool EngineLoop::read_next(SampleSource& source) {
  SampleInput input;
  while (source.next(input)) {
    if (parts_.log.has(input.sample)) {
      continue;
    }
    WaitingSample sample;
    sample.sample = input.sample;
    sample.row = input.row;
    sample.prompt = source.prompt();
    sample.prompt_tokens = chat::estimate_prompt_tokens(sample.prompt);
    next_ = std::move(sample);
    return true;
  }
  return false;
}

bool EngineLoop::has_turn() {
  if (parts_.limiter == nullptr) {
    return true;
  }
  if (!turn_us_ || !parts_.limiter->is_good({*turn_us_})) {
    if (turn_us_) {
      parts_.limiter->settle(static_cast<std::uint64_t>(next_->reserved_tokens), 0);
    }
    // Half of what it may say: answers rarely use all of it, and `settle` corrects.
    next_->reserved_tokens = next_->prompt_tokens + parts_.builder.settings().generation.max_new_tokens / 2;
    turn_us_ = parts_.limiter->take_turn(static_cast<std::uint64_t>(next_->reserved_tokens)).microseconds;
  }
  if (*turn_us_ > now_us()) {
    wake_us_ = turn_us_;
    return false;
  }
  const bool may_start = parts_.limiter->try_start(limit());
  wake_us_ = may_start ? std::nullopt : std::optional(now_us() + k_ask_again_us);
  return may_start;
}

bool EngineLoop::answer_from_cache() {
  if (parts_.cache == nullptr || next_->tries > 0) {
    return false;
  }
  next_->cache_key = cache_key(as_asked_->endpoint(), as_asked_->body(messages_of(next_->prompt)));
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

std::vector<chat::Message> EngineLoop::messages_of(const std::string& prompt) const {
  std::vector<chat::Message> messages;
  if (system_prompt_) {
    messages.push_back({chat::Role::system, *system_prompt_});
  }
  messages.push_back({chat::Role::user, prompt});
  return messages;
}

EngineLoop::Flight& EngineLoop::free_flight() {
  for (const auto& flight : flights_) {
    if (!flight->is_active) {
      return *flight;
    }
  }
  return *flights_.emplace_back(std::make_unique<Flight>());
}

void EngineLoop::send(WaitingSample sample) {
  Flight& flight = free_flight();
  flight.sample = std::move(sample);
  flight.revision = parts_.builder.revision();
  flight.started_us = now_us();
  ++flight.sample.tries;
  net::HttpClient::Chunk on_piece;
  if (parts_.builder.settings().delivery == chat::Delivery::stream) {
    flight.stream.emplace(parts_.builder.context());
    on_piece = [this, &flight](std::string_view piece) {
      flight.stream->take(piece, microseconds(now_us() - flight.started_us));
    };
  }
  flight.transfer = parts_.client.start(
      parts_.builder.build(messages_of(flight.sample.prompt)),
      [this, &flight](const net::HttpAnswer& answer) { on_done(flight, answer); },
      std::move(on_piece));
  flight.is_active = true;
  ++in_flight_;
}

// --- When it ends ---

void EngineLoop::look_for_stops() {
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
    stop(Error(ErrorCode::budget, "the job has reached its time limit", "'lumi job resume' goes on with what is left"),
         k_drain_us);
  }
}

void EngineLoop::stop(Error error, std::optional<std::int64_t> drain_us) {
  const bool is_interrupt = error.code() == ErrorCode::interrupted;
  if (stop_ && (!is_interrupt || stop_->code() == ErrorCode::interrupted)) {
    return;
  }
  stop_ = std::move(error);
  if (drain_us) {
    drain_until_us_ = now_us() + *drain_us;
  }
}

milliseconds EngineLoop::time_to_wait() const {
  const auto now = now_us();
  auto until = now + k_longest_wait_us;
  const auto wake_at = [&](std::optional<std::int64_t> time) { until = std::min(until, time.value_or(until)); };
  wake_at(drain_until_us_);
  if (!stop_) {
    wake_at(wake_us_);
    // While one waits for its turn, others that are due wait behind it.
    wake_at(!next_ && in_flight_ < limit() ? waiting_.next_due() : std::nullopt);
    wake_at(settings_.timeout ? std::optional(started_us_ + microseconds(*settings_.timeout).count()) : std::nullopt);
    // Cached answers are taken a few at a time: there are more at once.
    if (!next_ && has_more_ && in_flight_ < limit() && may_read_more()) {
      return milliseconds(0);
    }
  }
  return std::chrono::ceil<milliseconds>(microseconds(std::max<std::int64_t>(0, until - now)));
}

void EngineLoop::finish() {
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

void EngineLoop::cancel_all() {
  for (const auto& flight : flights_) {
    if (flight->is_active) {
      parts_.client.cancel(flight->transfer);
    }
  }
  while (in_flight_ > 0) {
    parts_.client.wait(milliseconds(0));
  }
}

Progress EngineLoop::progress_now() const {
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

}  // namespace lumi::inference
