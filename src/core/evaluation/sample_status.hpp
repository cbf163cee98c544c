#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lumi::evaluation {

/// What became of a sample's prediction.
enum class SampleStatus : std::uint8_t { ok, empty, truncated, refused, error };

inline constexpr std::size_t k_sample_statuses = 5;

/// The status as it is written in results and in the column `prediction_status`.
std::string_view to_text(SampleStatus status);

/// The status that `text` names, or nothing.
std::optional<SampleStatus> parse_sample_status(std::string_view text);

/// How many samples there are of each status.
struct SampleCounts {
  std::array<std::uint64_t, k_sample_statuses> by_status{};

  void add(SampleStatus status) { ++by_status[static_cast<std::size_t>(status)]; }
  std::uint64_t of(SampleStatus status) const { return by_status[static_cast<std::size_t>(status)]; }
  std::uint64_t total() const;

  /// The share of all samples that have `status`; NaN without samples.
  double share(SampleStatus status) const;

  /// (ok + truncated + empty) / all; NaN without samples.
  double coverage() const;

  bool operator==(const SampleCounts&) const = default;
};

}  // namespace lumi::evaluation
