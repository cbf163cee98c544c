#pragma once
#include "core/evaluation/sample_status.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace lumi::evaluation {

/// A scored sample as reports show it. The texts are valid during the visit.
struct SampleRow {
  std::uint64_t number = 0;  ///< from 1
  SampleStatus status = SampleStatus::ok;
  std::string_view prediction;
  std::optional<std::string_view> ground_truth;
  std::span<const double> scores;  ///< as wide as the fields of all metrics; NaN: null
};

/// Takes samples in order; false ends the visit.
using SampleVisitor = std::function<bool(const SampleRow&)>;

}  // namespace lumi::evaluation
