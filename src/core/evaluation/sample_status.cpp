#include "core/evaluation/sample_status.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace lumi::evaluation {

namespace {

constexpr std::array<std::string_view, k_sample_statuses> k_names = {"ok", "empty", "truncated", "refused", "error"};

}  // namespace

std::string_view to_text(SampleStatus status) { return k_names[static_cast<std::size_t>(status)]; }

std::optional<SampleStatus> parse_sample_status(std::string_view text) {
  const auto* found = std::find(k_names.begin(), k_names.end(), text);
  if (found == k_names.end()) {
    return std::nullopt;
  }
  return static_cast<SampleStatus>(found - k_names.begin());
}

std::uint64_t SampleCounts::total() const {
  return std::accumulate(by_status.begin(), by_status.end(), std::uint64_t{0});
}

double SampleCounts::share(SampleStatus status) const {
  const auto all = total();
  return all == 0 ? std::numeric_limits<double>::quiet_NaN()
                  : static_cast<double>(of(status)) / static_cast<double>(all);
}

double SampleCounts::coverage() const {
  const auto all = total();
  const auto covered = of(SampleStatus::ok) + of(SampleStatus::truncated) + of(SampleStatus::empty);
  return all == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(covered) / static_cast<double>(all);
}

}  // namespace lumi::evaluation
