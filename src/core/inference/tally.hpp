#pragma once
#include "core/evaluation/sample_status.hpp"
#include "core/inference/sample_record.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace lumi::inference {

/// How long answers took, in memory that does not grow with them; percentiles are right to about 3 %.
class LatencyHistogram {
public:
  void add(std::int64_t microseconds);

  /// The latency below which `share` (0 to 1) of the answers are, in milliseconds; NaN without answers.
  double percentile_ms(double share) const;
  double mean_ms() const;
  std::uint64_t count() const { return count_; }

private:
  static constexpr std::size_t k_steps = 32;  ///< of each doubling
  std::array<std::uint64_t, k_steps * 44> buckets_{};
  std::uint64_t count_ = 0;
  double sum_us_ = 0;
};

/// Sums over the samples of a job.
struct Tally {
  evaluation::SampleCounts samples;
  std::uint64_t with_usage = 0;
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::int64_t total_tokens = 0;
  std::int64_t reasoning_tokens = 0;
  std::uint64_t with_estimates = 0;  ///< of reasoning tokens
  std::uint64_t cache_hits = 0;
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  LatencyHistogram latency;
  LatencyHistogram first_token;
  std::map<std::string, std::uint64_t> fingerprints;  ///< and how many answers had each; at most 16
  std::map<std::string, std::uint64_t> models;        ///< likewise
  std::map<std::string, std::uint64_t> errors;        ///< by type; likewise
  std::set<std::string> left_out;                     ///< parameters that the endpoint does not take

  void add(const SampleRecord& record);
};

}  // namespace lumi::inference
