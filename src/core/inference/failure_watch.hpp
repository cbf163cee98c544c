#pragma once
#include "base/error.hpp"
#include "core/chat/failure.hpp"
#include "core/inference/sample_record.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace lumi::inference {

/// Decides when failures are the endpoint's and not the samples': one sample never ends a job, but a key that is
/// refused or a server that is gone does. Samples that failed in such a row are held back until it is broken: if the
/// job ends for it, they were never answered and stay to be asked.
class FailureWatch {
public:
  /// A sample was answered. Returns those held back, which are in error after all.
  std::vector<SampleRecord> on_answer();

  /// A sample failed for good, in the way of `kind`. Returns the records that are final now; `stop` is set once the job
  /// cannot go on.
  std::vector<SampleRecord> on_failure(SampleRecord record, chat::FailureKind kind);

  /// All samples were asked: returns those held back, unless nobody was ever answered; then `stop` is set.
  std::vector<SampleRecord> at_end();

  /// Why the job cannot go on: `credentials` or `unavailable`.
  const std::optional<Error>& stop() const { return stop_; }

private:
  enum class Row { none, refused, unreachable };

  std::vector<SampleRecord> break_row();
  void end_with(ErrorCode code);

  bool has_answer_ = false;   ///< the endpoint has answered a sample
  bool has_failure_ = false;  ///< a sample failed in a way that is its own
  Row row_ = Row::none;
  std::vector<SampleRecord> held_;
  std::optional<Error> stop_;
};

}  // namespace lumi::inference
