#include "core/inference/tally.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lumi::inference {

namespace {

constexpr std::size_t k_most_names = 16;

void count(std::map<std::string, std::uint64_t>& counts, const std::string& name) {
  if (name.empty()) {
    return;
  }
  const auto found = counts.find(name);
  if (found != counts.end()) {
    ++found->second;
  } else if (counts.size() < k_most_names) {
    counts.emplace(name, 1);
  }
}

}  // namespace

void LatencyHistogram::add(std::int64_t microseconds) {
  const auto value = static_cast<double>(std::max<std::int64_t>(microseconds, 1));
  const auto bucket = static_cast<std::size_t>(std::log2(value) * static_cast<double>(k_steps));
  ++buckets_[std::min(bucket, buckets_.size() - 1)];
  ++count_;
  sum_us_ += value;
}

double LatencyHistogram::percentile_ms(double share) const {
  if (count_ == 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted) {
      return std::exp2((static_cast<double>(bucket) + 0.5) / static_cast<double>(k_steps)) / 1000.0;
    }
  }
  return std::numeric_limits<double>::quiet_NaN();
}

double LatencyHistogram::mean_ms() const {
  return count_ == 0 ? std::numeric_limits<double>::quiet_NaN() : sum_us_ / static_cast<double>(count_) / 1000.0;
}

void Tally::add(const SampleRecord& record) {
  samples.add(record.status);
  if (record.usage && record.usage->is_known()) {
    ++with_usage;
    prompt_tokens += *record.usage->prompt_tokens;
    completion_tokens += *record.usage->completion_tokens;
    total_tokens += *record.usage->total_tokens;
    reasoning_tokens += record.usage->reasoning_tokens.value_or(0);
    with_estimates += record.usage->reasoning_is_estimated ? 1U : 0U;
  }
  cache_hits += record.is_cached ? 1U : 0U;
  requests += record.requests;
  retries += record.requests > 1 ? record.requests - 1U : 0U;
  if (!record.is_cached && record.latency_us > 0) {
    latency.add(record.latency_us);
  }
  if (record.first_token_us > 0) {
    first_token.add(record.first_token_us);
  }
  count(fingerprints, record.system_fingerprint);
  count(models, record.model);
  count(errors, record.error_type);
  if (!record.left_out.empty()) {
    for (const auto name : split(record.left_out, ',')) {
      left_out.emplace(name);
    }
  }
}

}  // namespace lumi::inference
