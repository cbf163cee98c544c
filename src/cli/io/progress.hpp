#pragma once
#include "cli/io/streams.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace lumi::cli {

/// What the numbers of a progress count.
enum class Counts { rows, bytes };

/// Shows how far a long piece of work is: a bar on a terminal, plain lines elsewhere, {"progress":{...}} at most once a
/// second in JSON mode; nothing with -q or --no-progress. The first sign comes 100 ms after the start at the latest,
/// and none if the work is done before.
class Progress {
public:
  /// `doing` reads like "scoring"; a `total` of 0 means that it is not known.
  Progress(Streams& streams, std::string_view doing, Counts counts);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap enough to be called for every row.
  void update(std::uint64_t done, std::uint64_t total);

private:
  using Time = std::chrono::steady_clock::time_point;
  void show(std::uint64_t done, std::uint64_t total, Time now);
  void show_bar(std::uint64_t done, std::uint64_t total, double seconds);
  void show_line(std::uint64_t done, std::uint64_t total, double seconds);
  void show_json(std::uint64_t done, std::uint64_t total, double seconds);
  std::string amount(std::uint64_t count) const;

  Streams& streams_;
  std::string doing_;
  Counts counts_;
  bool enabled_;
  bool bar_shown_ = false;
  Time started_;
  Time next_;
};

}  // namespace lumi::cli
