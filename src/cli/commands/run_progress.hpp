#pragma once
#include "cli/io/progress.hpp"
#include "cli/io/streams.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace lumi::cli {

/// Where a model of a run is.
enum class RunPhase : std::uint8_t { waiting, asking, scoring, ended };

/// How far a model of a run is. Its bytes go through a pipe.
struct ModelProgress {
  RunPhase phase = RunPhase::waiting;
  std::uint64_t done = 0;  ///< rows of the phase
  std::uint64_t total = 0;
  std::uint64_t failed = 0;
  std::int64_t tokens = 0;
  double cost = 0;  ///< USD
};

/// Shows how far the models of a run are: on a terminal a line for each, elsewhere what they come to together.
class RunProgress {
public:
  RunProgress(Streams& streams, std::vector<std::string> names);
  ~RunProgress();
  RunProgress(const RunProgress&) = delete;
  RunProgress& operator=(const RunProgress&) = delete;

  void update(const std::vector<ModelProgress>& models);

private:
  void show_lines(const std::vector<ModelProgress>& models);

  Streams& streams_;
  std::vector<std::string> names_;
  Progress together_;
  bool has_lines_;
  std::size_t lines_shown_ = 0;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace lumi::cli
