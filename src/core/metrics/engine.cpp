#include "core/metrics/engine.hpp"

#include <algorithm>
#include <limits>
#include <system_error>

namespace lumi::metrics {

namespace {

/// Samples that a thread takes at a time: few enough to share the work evenly, enough to make taking them cheap.
constexpr std::size_t k_piece_size = 16;

constexpr double k_null = std::numeric_limits<double>::quiet_NaN();

bool reads_reference(const Metric& metric) {
  const auto& inputs = metric.definition().inputs;
  return std::find(inputs.begin(), inputs.end(), Input::reference) != inputs.end();
}

}  // namespace

ScoringPool::ScoringPool(std::vector<const Metric*> metrics, unsigned threads)
    : metrics_(std::move(metrics)), scorers_(std::max(threads, 1U)) {
  const bool is_arithmetic = std::all_of(metrics_.begin(), metrics_.end(), [](const Metric* metric) {
    return metric->definition().cost == Cost::arithmetic;
  });
  piece_size_ = is_arithmetic ? k_piece_size : 1;
  for (const auto* metric : metrics_) {
    needs_reference_.push_back(reads_reference(*metric));
  }
}

ScoringPool::~ScoringPool() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  batch_ready_.notify_all();
  for (auto& worker : workers_) {
    worker.join();
  }
}

ScoringPool::Scorers ScoringPool::make_scorers() const {
  Scorers scorers;
  for (const auto* metric : metrics_) {
    scorers.push_back(metric->make_scorer());
  }
  return scorers;
}

void ScoringPool::score(std::span<const Sample> samples, std::span<const Scores> out) {
  batch_.samples = samples;
  batch_.out = out;
  batch_.next = 0;
  const bool is_shared = scorers_.size() > 1 && samples.size() > piece_size_;
  if (is_shared) {
    start_workers();
    const std::lock_guard lock(mutex_);
    failure_ = nullptr;
    ++batch_number_;
    busy_workers_ = workers_.size();
    batch_ready_.notify_all();
  }
  std::exception_ptr own_failure;
  try {
    score_pieces(scorers_.front());
  } catch (...) {
    own_failure = std::current_exception();
    batch_.next = samples.size();
  }
  if (is_shared) {
    std::unique_lock lock(mutex_);
    batch_done_.wait(lock, [this] { return busy_workers_ == 0; });
    own_failure = own_failure ? own_failure : failure_;
  }
  if (own_failure) {
    std::rethrow_exception(own_failure);
  }
}

void ScoringPool::start_workers() {
  try {
    while (workers_.size() + 1 < scorers_.size()) {
      const std::size_t worker = workers_.size() + 1;
      workers_.emplace_back([this, worker] { work(worker); });
    }
  } catch (const std::system_error&) {
    scorers_.resize(workers_.size() + 1);  // the system gives no more threads: fewer do the same
  }
}

void ScoringPool::work(std::size_t worker) {
  std::uint64_t done = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    batch_ready_.wait(lock, [&] { return is_stopping_ || batch_number_ != done; });
    if (is_stopping_) {
      return;
    }
    done = batch_number_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      score_pieces(scorers_[worker]);
    } catch (...) {
      failure = std::current_exception();
      batch_.next = batch_.samples.size();  // nobody needs the rest
    }
    lock.lock();
    failure_ = failure_ ? failure_ : failure;
    if (--busy_workers_ == 0) {
      batch_done_.notify_one();
    }
  }
}

void ScoringPool::score_pieces(Scorers& scorers) {
  if (scorers.empty()) {
    scorers = make_scorers();
  }
  const std::size_t count = batch_.samples.size();
  for (;;) {
    const std::size_t begin = batch_.next.fetch_add(piece_size_);
    if (begin >= count) {
      return;
    }
    score_piece(scorers, begin, std::min(begin + piece_size_, count));
  }
}

void ScoringPool::score_piece(Scorers& scorers, std::size_t begin, std::size_t end) {
  for (std::size_t metric = 0; metric < metrics_.size(); ++metric) {
    if (!needs_reference_[metric]) {
      score_run(metric, *scorers[metric], begin, end);
      continue;
    }
    // Runs of samples that all have a reference, or all lack one.
    for (std::size_t first = begin; first < end;) {
      const bool is_missing = batch_.samples[first].references.empty();
      std::size_t last = first + 1;
      while (last < end && batch_.samples[last].references.empty() == is_missing) {
        ++last;
      }
      if (is_missing) {
        skip_run(metric, first, last);
      } else {
        score_run(metric, *scorers[metric], first, last);
      }
      first = last;
    }
  }
}

Scores ScoringPool::rows_of(std::size_t metric, std::size_t begin, std::size_t end) const {
  const auto& definition = metrics_[metric]->definition();
  const auto rows = [&](std::span<double> numbers, std::size_t width) {
    return numbers.subspan(begin * width, (end - begin) * width);
  };
  return {rows(batch_.out[metric].fields, definition.fields.size()),
          rows(batch_.out[metric].statistics, definition.statistics.size())};
}

void ScoringPool::score_run(std::size_t metric, Scorer& scorer, std::size_t begin, std::size_t end) {
  scorer.score(batch_.samples.subspan(begin, end - begin), rows_of(metric, begin, end));
}

void ScoringPool::skip_run(std::size_t metric, std::size_t begin, std::size_t end) {
  const auto rows = rows_of(metric, begin, end);
  std::fill(rows.fields.begin(), rows.fields.end(), k_null);
  std::fill(rows.statistics.begin(), rows.statistics.end(), 0.0);
}

}  // namespace lumi::metrics
