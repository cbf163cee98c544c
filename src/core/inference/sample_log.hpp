#pragma once
#include "core/chat/cost.hpp"
#include "core/inference/sample_record.hpp"
#include "store/journal.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lumi::inference {

/// What the requests of a job have taken so far, superseded ones included: they were paid for.
struct Spending {
  std::int64_t total_tokens = 0;
  double cost = 0;  ///< USD, with a price
  std::uint64_t answers = 0;
};

/// The samples of a job that are finished: its journal, and where in it each one is. Nine bytes of memory a sample.
class SampleLog {
public:
  /// Opens the journal at `path` and reads what is in it; samples that end up with a status of `asked_again` count as
  /// not finished.
  SampleLog(const std::filesystem::path& path,
            std::uint64_t samples,
            const std::vector<evaluation::SampleStatus>& asked_again,
            std::optional<chat::Price> price);

  std::uint64_t size() const { return offsets_.size(); }
  bool has(std::uint64_t sample) const { return offsets_[sample] != k_nowhere; }

  /// Adds what became of a sample; a later record of the same sample counts.
  void add(const SampleRecord& record);

  /// Calls `guard` before anything is written to the journal; see store::Journal.
  void set_guard(std::function<void()> guard) { journal_.set_guard(std::move(guard)); }

  /// Hands what was added to the system: it outlives the process then.
  void write() { journal_.write(); }

  /// Returns when all is on the disk.
  void sync() { journal_.sync(); }

  /// The record of a finished sample.
  SampleRecord read(std::uint64_t sample) const;

  const evaluation::SampleCounts& counts() const { return counts_; }
  const Spending& spending() const { return spending_; }

private:
  static constexpr std::uint64_t k_nowhere = ~std::uint64_t{0};
  static constexpr std::uint8_t k_unfinished = 255;

  void keep(const SampleRecord& record, std::uint64_t offset);
  void forget(std::uint64_t sample);

  std::vector<std::uint64_t> offsets_;
  std::vector<std::uint8_t> statuses_;
  evaluation::SampleCounts counts_;
  Spending spending_;
  std::optional<chat::Price> price_;
  store::Journal journal_;
};

}  // namespace lumi::inference
