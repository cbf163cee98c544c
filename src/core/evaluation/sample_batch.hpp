#pragma once
#include "core/evaluation/sample_reader.hpp"
#include "core/metrics/metric.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::evaluation {

/// Samples copied out of a reader, to be scored together.
class SampleBatch {
public:
  /// Replaces the content by the reader's next samples: at most `max_samples`, and no more once they have `max_bytes`
  /// of text. False if the reader has no more after them.
  bool fill(SampleReader& reader, std::size_t max_samples, std::size_t max_bytes);

  void clear();
  std::size_t size() const { return entries_.size(); }
  bool is_empty() const { return entries_.empty(); }

  SampleStatus status(std::size_t index) const { return entries_[index].status; }
  std::uint64_t number(std::size_t index) const { return entries_[index].number; }
  bool has_prediction(std::size_t index) const { return entries_[index].has_prediction; }
  bool has_ground_truth(std::size_t index) const { return entries_[index].has_ground_truth; }

  /// The sample to score, valid until the batch changes.
  metrics::Sample sample(std::size_t index) const;

  /// Where the reader stood after the last sample.
  std::uint64_t bytes_read() const { return bytes_read_; }

private:
  struct Entry {
    std::uint64_t number = 0;
    SampleStatus status = SampleStatus::ok;
    bool has_prediction = true;
    bool has_ground_truth = true;
    std::size_t begin = 0;  ///< of the prediction; ground truth and source follow it
    std::size_t prediction_size = 0;
    std::size_t ground_truth_size = 0;
    std::size_t source_size = 0;
  };

  void add(const SampleTexts& texts);

  std::string text_;
  std::vector<Entry> entries_;
  std::vector<std::string_view> ground_truths_;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace lumi::evaluation
