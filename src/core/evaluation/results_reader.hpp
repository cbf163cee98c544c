#pragma once
#include "base/byte_stream.hpp"
#include "core/evaluation/outcome.hpp"
#include "core/evaluation/sample_row.hpp"
#include "core/evaluation/score_table.hpp"
#include "core/evaluation/text_store.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace lumi::evaluation {

/// Whether samples come with prediction and ground truth, which have to be read from the file once more.
enum class WithTexts { no, yes };

/// Gives the samples of results one after the other.
class SampleStream {
public:
  SampleStream(const Outcome& outcome, TextStream predictions, TextStream ground_truths);

  /// The next sample, valid until the next call; nothing after the last one.
  std::optional<SampleRow> next();

private:
  std::uint64_t rows_;
  std::uint64_t row_ = 0;
  TextStream predictions_;
  TextStream ground_truths_;
  RowCursor scores_;
  RowCursor statuses_;
};

/// A results.json of lumi or of Lumigator, read in memory that does not grow with it.
class ResultsReader {
public:
  using Open = std::function<std::unique_ptr<ByteSource>()>;

  /// Reads the numbers from the file that `open` opens (each call from its start). Throws `invalid_input` naming `name`
  /// if it is no results file.
  ResultsReader(Open open, std::string name, std::uint64_t max_memory_bytes);

  /// The numbers: metrics, means, counts by status, scores. Requirements are not kept in results.
  const Outcome& outcome() const { return outcome_; }

  /// The values of `parameters` and `lumi` as JSON texts; "null" if absent.
  const std::string& parameters_json() const { return parameters_json_; }
  const std::string& lumi_json() const { return lumi_json_; }

  /// Calls `visit` for every sample, in order.
  void for_each(const SampleVisitor& visit) const;

  /// The samples, one after the other. The reader must outlive the stream.
  SampleStream samples(WithTexts texts) const;

private:
  Open open_;
  std::string name_;
  Outcome outcome_;
  std::string parameters_json_ = "null";
  std::string lumi_json_ = "null";
};

}  // namespace lumi::evaluation
