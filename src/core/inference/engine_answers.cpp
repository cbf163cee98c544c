#include "base/text.hpp"
#include "core/chat/retry_delay.hpp"
#include "core/inference/answer_record.hpp"
#include "core/inference/engine_loop.hpp"
#include "core/inference/rate_limiter.hpp"
#include "net/retry_hint.hpp"
#include "store/response_cache.hpp"

#include <algorithm>
#include <utility>

namespace lumi::inference {

namespace {

using std::chrono::microseconds;

constexpr int k_most_adjustments = 16;
constexpr double k_retry_earned = 0.25;

bool is_overload(const chat::Verdict& verdict) {
  return verdict.kind == chat::FailureKind::rate_limit || verdict.status == 503 || verdict.status == 529;
}

}  // namespace

void EngineLoop::on_done(Flight& flight, const net::HttpAnswer& answer) {
  flight.is_active = false;
  --in_flight_;
  const auto now = parts_.clock.now();
  auto outcome =
      flight.stream ? flight.stream->finish(answer, now) : chat::read_answer(answer, parts_.builder.context(), now);
  flight.stream.reset();
  if (parts_.limiter != nullptr) {
    parts_.limiter->note_end();
    const auto used = outcome.answer.usage.total_tokens.value_or(flight.sample.reserved_tokens);
    parts_.limiter->settle(static_cast<std::uint64_t>(flight.sample.reserved_tokens),
                           static_cast<std::uint64_t>(std::max<std::int64_t>(used, 0)));
    if (const auto pause = net::read_rate_pause(answer)) {
      parts_.limiter->hold_until({now_us() + microseconds(*pause).count()});
    }
  }
  settle(flight, outcome);
}

void EngineLoop::settle(Flight& flight, const chat::Outcome& outcome) {
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
    if (is_overload(verdict)) {
      ease_off(flight, verdict);
    }
    return retry(std::move(flight.sample), verdict);
  case Action::fail:
    return fail(flight.sample, verdict);
  }
}

const std::string& EngineLoop::left_out() {
  if (left_out_revision_ != parts_.builder.revision()) {
    left_out_revision_ = parts_.builder.revision();
    std::vector<std::string> names;
    for (const auto& adjustment : parts_.builder.adjustments()) {
      names.push_back(adjustment.parameter + (adjustment.sent_as.empty() ? "" : "=" + adjustment.sent_as));
    }
    left_out_ = join(names, ",");
  }
  return left_out_;
}

void EngineLoop::on_answer(const WaitingSample& sample, const chat::ChatAnswer& answer) {
  concurrency_.on_answer(answer.latency);
  if (parts_.limiter != nullptr) {
    parts_.limiter->note_answer();
  }
  retry_budget_ = std::min(k_retry_budget, retry_budget_ + k_retry_earned);
  auto record = answer_record(sample, answer);
  record.left_out = left_out();
  if (parts_.cache != nullptr && is_worth_keeping(record)) {
    parts_.cache->put(sample.cache_key, to_json(cached_record(record)), parts_.clock.now());
  }
  keep(failures_.on_answer());
  keep(record);
}

void EngineLoop::adjust(Flight& flight, const chat::Verdict& verdict) {
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

void EngineLoop::ease_off(const Flight& flight, const chat::Verdict& verdict) {
  concurrency_.on_overload(parts_.steady.now());
  if (parts_.limiter != nullptr) {
    parts_.limiter->note_refusal({flight.started_us}, verdict.server_delay);
  }
}

void EngineLoop::retry(WaitingSample sample, const chat::Verdict& verdict) {
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

void EngineLoop::fail(const WaitingSample& sample, const chat::Verdict& verdict) {
  if (stop_ && (chat::is_auth_or_quota(verdict.kind) || chat::is_unreachable(verdict.kind))) {
    return;
  }
  keep(failures_.on_failure(failure_record(sample, verdict), verdict.kind));
}

void EngineLoop::keep(const std::vector<SampleRecord>& records) {
  for (const auto& record : records) {
    keep(record);
  }
}

void EngineLoop::keep(const SampleRecord& record) {
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

}  // namespace lumi::inference
