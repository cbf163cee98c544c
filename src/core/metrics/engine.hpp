#pragma once
#include "core/metrics/metric.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace lumi::metrics {

/// Scores batches of samples with several metrics and threads. The numbers do not depend on how many threads there are.
/// To be used by one thread at a time.
class ScoringPool {
public:
  /// A pool of `threads` threads, the caller's included; the others start with the first batch that is worth it.
  /// The metrics must outlive it.
  ScoringPool(std::vector<const Metric*> metrics, unsigned threads);
  ~ScoringPool();
  ScoringPool(const ScoringPool&) = delete;
  ScoringPool& operator=(const ScoringPool&) = delete;

  /// Fills `out`, which has one entry for each metric with room for all samples. A metric that needs a reference gives
  /// samples without one NaN, and 0 in its statistics. An exception of a scorer is passed on when all threads are done.
  void score(std::span<const Sample> samples, std::span<const Scores> out);

private:
  /// The scorers of one thread, one for each metric.
  using Scorers = std::vector<std::unique_ptr<Scorer>>;

  /// What the threads work on; the next piece starts at `next`.
  struct Batch {
    std::span<const Sample> samples;
    std::span<const Scores> out;
    std::atomic<std::size_t> next = 0;
  };

  Scorers make_scorers() const;
  void start_workers();
  void work(std::size_t worker);
  void score_pieces(Scorers& scorers);
  void score_piece(Scorers& scorers, std::size_t begin, std::size_t end);
  void score_run(std::size_t metric, Scorer& scorer, std::size_t begin, std::size_t end);
  void skip_run(std::size_t metric, std::size_t begin, std::size_t end);
  Scores rows_of(std::size_t metric, std::size_t begin, std::size_t end) const;

  std::vector<const Metric*> metrics_;
  std::vector<bool> needs_reference_;
  std::size_t piece_size_;
  std::vector<Scorers> scorers_;  ///< of each thread; the caller's first
  std::vector<std::thread> workers_;
  Batch batch_;

  std::mutex mutex_;
  std::condition_variable batch_ready_;
  std::condition_variable batch_done_;
  std::uint64_t batch_number_ = 0;
  std::size_t busy_workers_ = 0;
  bool is_stopping_ = false;
  std::exception_ptr failure_;
};

}  // namespace lumi::metrics
