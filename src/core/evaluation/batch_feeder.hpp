#pragma once
#include "core/evaluation/sample_batch.hpp"

#include <cstddef>
#include <future>

namespace lumi::evaluation {

/// Whether the next batch is read by a thread of its own.
enum class ReadAhead { no, yes };

/// Cuts a reader's samples into batches; while one is worked on the next can already be read.
class BatchFeeder {
public:
  /// Reads the first batch. Batches have about `max_bytes` of text.
  BatchFeeder(SampleReader& reader, std::size_t max_bytes, ReadAhead ahead);

  /// The batch to work on; empty at the end.
  const SampleBatch& current() const { return current_; }

  /// Starts reading the next batch, if that has a thread of its own.
  void read_ahead();

  /// Makes the next batch the current one.
  void advance();

private:
  SampleReader& reader_;
  std::size_t max_bytes_;
  ReadAhead ahead_;
  bool has_more_ = true;
  SampleBatch current_;
  SampleBatch next_;
  std::future<bool> reading_;  // last: its destructor waits for the thread that uses the others
};

}  // namespace lumi::evaluation
