#pragma once
#include "core/chat/chat_answer.hpp"
#include "core/inference/sample_record.hpp"
#include "core/inference/waiting_room.hpp"

#include <optional>
#include <string_view>

namespace lumi::inference {

/// What an answer makes of a sample.
SampleRecord answer_record(const WaitingSample& sample, const chat::ChatAnswer& answer);

/// What a failure makes of a sample.
SampleRecord failure_record(const WaitingSample& sample, const chat::Verdict& verdict);

/// Whether an answer is kept for the next time: one that says something.
bool is_worth_keeping(const SampleRecord& record);

/// The record as the cache keeps it: without what belongs to one job only.
SampleRecord cached_record(SampleRecord record);

/// The record that the cache kept; nothing if it cannot be read.
std::optional<SampleRecord> find_cached_record(std::string_view json);

}  // namespace lumi::inference
