#include "core/evaluation/sample_batch.hpp"

namespace lumi::evaluation {

void SampleBatch::clear() {
  text_.clear();
  entries_.clear();
  ground_truths_.clear();
}

void SampleBatch::add(const SampleTexts& texts) {
  const auto ground_truth = texts.ground_truth.value_or(std::string_view());
  Entry entry;
  entry.number = texts.number;
  entry.status = texts.status;
  entry.has_prediction = texts.has_prediction();
  entry.has_ground_truth = texts.has_ground_truth();
  entry.begin = text_.size();
  entry.prediction_size = texts.prediction.size();
  entry.ground_truth_size = ground_truth.size();
  entry.source_size = texts.source.size();
  entries_.push_back(entry);
  text_ += texts.prediction;
  text_ += ground_truth;
  text_ += texts.source;
}

bool SampleBatch::fill(SampleReader& reader, std::size_t max_samples, std::size_t max_bytes) {
  clear();
  text_.reserve(max_bytes);  // costs memory only as far as it is used
  SampleTexts texts;
  bool has_more = true;
  while (entries_.size() < max_samples && text_.size() < max_bytes) {
    has_more = reader.next(texts);
    if (!has_more) {
      break;
    }
    add(texts);
  }
  // A sample refers to its ground truth, which must not move any more.
  for (const auto& entry : entries_) {
    ground_truths_.push_back(
        std::string_view(text_).substr(entry.begin + entry.prediction_size, entry.ground_truth_size));
  }
  bytes_read_ = reader.bytes_read();
  return has_more;
}

metrics::Sample SampleBatch::sample(std::size_t index) const {
  const auto& entry = entries_[index];
  const std::string_view text(text_);
  metrics::Sample sample;
  sample.prediction = text.substr(entry.begin, entry.prediction_size);
  sample.references = std::span(&ground_truths_[index], 1);
  sample.source = text.substr(entry.begin + entry.prediction_size + entry.ground_truth_size, entry.source_size);
  return sample;
}

}  // namespace lumi::evaluation
