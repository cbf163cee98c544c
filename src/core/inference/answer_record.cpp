#include "core/inference/answer_record.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

namespace lumi::inference {

using evaluation::SampleStatus;

namespace {

std::string failure_type(const chat::Verdict& verdict) {
  std::string type(chat::to_string(verdict.kind));
  return verdict.status == 0 || verdict.status / 100 == 2 ? type : type + "_" + std::to_string(verdict.status);
}

std::uint32_t requests_of(const WaitingSample& sample) {
  return static_cast<std::uint32_t>(sample.tries + sample.adjusted_requests);
}

}  // namespace

SampleRecord answer_record(const WaitingSample& sample, const chat::ChatAnswer& answer) {
  SampleRecord record;
  record.sample = sample.sample;
  record.row = sample.row;
  record.status = answer.status();
  if (record.status == SampleStatus::refused) {
    record.error = answer.refusal.empty() ? "the model or its filter refused to answer" : answer.refusal;
    record.error_type = answer.finish_reason == "content_filter" ? "content_filter" : "refused";
  } else {
    record.prediction = answer.text;
  }
  if (!answer.reasoning.empty()) {
    record.reasoning = answer.reasoning;
  }
  if (answer.usage.is_known()) {
    record.usage = answer.usage;
  }
  record.finish_reason = answer.finish_reason;
  record.model = answer.model;
  record.system_fingerprint = answer.system_fingerprint;
  record.request_id = answer.request_id;
  record.requests = requests_of(sample);
  record.latency_us = answer.latency.count();
  record.first_token_us = answer.first_token ? answer.first_token->count() : 0;
  return record;
}

SampleRecord failure_record(const WaitingSample& sample, const chat::Verdict& verdict) {
  SampleRecord record;
  record.sample = sample.sample;
  record.row = sample.row;
  record.status = SampleStatus::error;
  record.error = redact(verdict.reason);
  record.error_type = failure_type(verdict);
  record.requests = requests_of(sample);
  return record;
}

bool is_worth_keeping(const SampleRecord& record) {
  return record.status == SampleStatus::ok || record.status == SampleStatus::truncated;
}

SampleRecord cached_record(SampleRecord record) {
  record.sample = 0;
  record.row = 0;
  record.requests = 0;
  record.request_id.clear();
  record.latency_us = 0;
  record.first_token_us = 0;
  record.is_cached = true;
  return record;
}

std::optional<SampleRecord> find_cached_record(std::string_view json) {
  try {
    return parse_sample_record(json);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace lumi::inference
