#pragma once
#include "cli/io/streams.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

/// What the numbers of a progress count.
enum class Counts { rows, bytes };

/// One more number that a progress shows: "3 errors" for people, {"errors":3} as JSON.
struct ProgressDetail {
  std::string_view name;
  double value = 0;
  std::string text;  ///< empty: people are not shown it
};
using ProgressDetails = std::function<std::vector<ProgressDetail>()>;

/// "asking [####....] 40% 4/10 rows, 1 failed, 3 s left": a bar for people, after so many seconds of work.
std::string bar_text(std::string_view doing,
                     Counts counts,
                     std::uint64_t done,
                     std::uint64_t total,
                     const std::vector<ProgressDetail>& details,
                     double seconds);

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

  /// Cheap enough to be called for every row; `details` are only asked for when something is shown.
  void update(std::uint64_t done, std::uint64_t total, const ProgressDetails& details = {});

private:
  using Time = std::chrono::steady_clock::time_point;
  using Details = std::vector<ProgressDetail>;
  void show(std::uint64_t done, std::uint64_t total, const Details& details, Time now);
  void show_bar(std::uint64_t done, std::uint64_t total, const Details& details, double seconds);
  void show_line(std::uint64_t done, std::uint64_t total, const Details& details);
  void show_json(std::uint64_t done, std::uint64_t total, const Details& details, double seconds);

  Streams& streams_;
  std::string doing_;
  Counts counts_;
  bool enabled_;
  bool bar_shown_ = false;
  Time started_;
  Time next_;
};

}  // namespace lumi::cli
