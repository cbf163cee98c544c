#pragma once
#include "core/metrics/metric.hpp"

#include <memory>
#include <string_view>

namespace lumi::metrics {

/// Lumigator's estimate of a text's tokens: its words by 0.75, cut to an integer.
double estimate_tokens(std::string_view text);

const Definition& token_length_definition();
std::unique_ptr<Metric> make_token_length(const Options& options, const Resources& resources);

}  // namespace lumi::metrics
