#pragma once
#include "core/evaluation/columns.hpp"
#include "core/evaluation/input.hpp"
#include "core/evaluation/request.hpp"
#include "core/evaluation/sample_status.hpp"
#include "core/tabular/row_reader.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace lumi::evaluation {

/// A row as an evaluation sees it. The texts are valid until the next one is read.
struct SampleTexts {
  std::uint64_t number = 0;  ///< from 1
  SampleStatus status = SampleStatus::ok;
  std::string_view prediction;
  std::optional<std::string_view> ground_truth;  ///< nothing: the file has no such column
  std::string_view source;

  /// Without a prediction (error, refused) there is nothing to score.
  bool has_prediction() const { return status != SampleStatus::error && status != SampleStatus::refused; }
  bool has_ground_truth() const;
};

/// Reads the samples of an input from front to back, as many as are asked for.
class SampleReader {
public:
  /// Reads the header. Throws `invalid_input` for a needed column that is not there.
  SampleReader(const Input& input, const Request& request, NeededColumns needed);
  ~SampleReader();

  /// Reads the next sample; false at the end. Throws `invalid_input` for an unknown prediction_status.
  bool next(SampleTexts& sample);

  /// How much of the input was read so far.
  std::uint64_t bytes_read() const;

  /// Whether the file has a column of ground truths.
  bool has_ground_truth() const { return places_.ground_truth.has_value(); }

  /// What the row reader mended, for warnings.
  const std::vector<std::string>& notes() const { return rows_->notes(); }

private:
  class CountingSource;

  SampleStatus status_of(const tabular::Row& row, std::string_view prediction) const;

  std::string file_name_;
  EmptyPredictions empty_predictions_;
  std::uint64_t most_rows_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<CountingSource> counted_;
  std::unique_ptr<tabular::RowReader> rows_;
  ColumnPlaces places_;
  tabular::Row row_;
  std::uint64_t read_ = 0;
};

}  // namespace lumi::evaluation
