#include "core/inference/sample_log.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace lumi::inference {

SampleLog::SampleLog(const std::filesystem::path& path,
                     std::uint64_t samples,
                     const std::vector<evaluation::SampleStatus>& asked_again,
                     std::optional<chat::Price> price)
    : offsets_(samples, k_nowhere), statuses_(samples, k_unfinished), price_(std::move(price)),
      journal_(path, [&](const store::JournalEntry& entry) {
        const auto record = parse_sample_record(entry.json);
        if (record.sample >= samples) {
          throw Error(ErrorCode::storage, "a journal has more samples than its job");
        }
        keep(record, entry.offset);
      }) {
  for (std::uint64_t sample = 0; sample < samples; ++sample) {
    const auto again = [&](evaluation::SampleStatus status) {
      return statuses_[sample] == static_cast<std::uint8_t>(status);
    };
    if (std::any_of(asked_again.begin(), asked_again.end(), again)) {
      forget(sample);
    }
  }
}

void SampleLog::add(const SampleRecord& record) { keep(record, journal_.append(to_json(record))); }

void SampleLog::keep(const SampleRecord& record, std::uint64_t offset) {
  forget(record.sample);
  offsets_[record.sample] = offset;
  statuses_[record.sample] = static_cast<std::uint8_t>(record.status);
  counts_.add(record.status);
  if (record.is_cached || !record.usage) {
    return;
  }
  ++spending_.answers;
  spending_.total_tokens += record.usage->total_tokens.value_or(0);
  spending_.cost += price_ ? chat::cost_of(*price_, *record.usage) : 0;
}

void SampleLog::forget(std::uint64_t sample) {
  if (statuses_[sample] != k_unfinished) {
    --counts_.by_status[statuses_[sample]];
    statuses_[sample] = k_unfinished;
    offsets_[sample] = k_nowhere;
  }
}

SampleRecord SampleLog::read(std::uint64_t sample) const {
  return parse_sample_record(journal_.read(offsets_[sample]));
}

}  // namespace lumi::inference
