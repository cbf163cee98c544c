#pragma once
#include "core/chat/chat_answer.hpp"
#include "core/evaluation/sample_status.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::inference {

/// What became of one sample: an entry of the job's journal.
struct SampleRecord {
  std::uint64_t sample = 0;  ///< its place among the samples of the job, from 0
  std::uint64_t row = 0;     ///< its row in the dataset, from 1
  evaluation::SampleStatus status = evaluation::SampleStatus::ok;
  std::optional<std::string> prediction;  ///< nothing for refused and error
  std::optional<std::string> reasoning;
  std::optional<chat::Usage> usage;  ///< known, or nothing
  std::string finish_reason;
  std::string error;       ///< why it is refused or in error
  std::string error_type;  ///< a word for it: "http_500", "timed_out", "content_filter"
  std::string model;       ///< as the endpoint called it
  std::string system_fingerprint;
  std::string request_id;
  std::string left_out;        ///< parameters that the endpoint does not take: "top_p,max_tokens=max_completion_tokens"
  std::uint32_t requests = 0;  ///< how often it was sent; 0: the answer came from the cache
  bool is_cached = false;
  std::int64_t latency_us = 0;      ///< of the request that was answered
  std::int64_t first_token_us = 0;  ///< 0: not streamed
};

/// The record as a compact JSON object of one line. What is empty is left out.
std::string to_json(const SampleRecord& record);

/// The record that `to_json` wrote. Throws `storage` for any other text.
SampleRecord parse_sample_record(std::string_view json);

}  // namespace lumi::inference
