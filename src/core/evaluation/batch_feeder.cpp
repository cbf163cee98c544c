#include "core/evaluation/batch_feeder.hpp"

#include <utility>

namespace lumi::evaluation {

namespace {

constexpr std::size_t k_batch_samples = 1024;

}  // namespace

BatchFeeder::BatchFeeder(SampleReader& reader, std::size_t max_bytes, ReadAhead ahead)
    : reader_(reader), max_bytes_(max_bytes), ahead_(ahead) {
  has_more_ = current_.fill(reader_, k_batch_samples, max_bytes_);
}

void BatchFeeder::read_ahead() {
  if (has_more_ && ahead_ == ReadAhead::yes) {
    reading_ = std::async(std::launch::async, [this] { return next_.fill(reader_, k_batch_samples, max_bytes_); });
  }
}

void BatchFeeder::advance() {
  if (reading_.valid()) {
    has_more_ = reading_.get();
  } else if (has_more_) {
    has_more_ = next_.fill(reader_, k_batch_samples, max_bytes_);
  } else {
    next_.clear();
  }
  std::swap(current_, next_);
}

}  // namespace lumi::evaluation
