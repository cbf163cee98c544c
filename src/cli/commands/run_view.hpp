#pragma once
#include "cli/commands/run_fields.hpp"
#include "cli/io/streams.hpp"

namespace lumi::cli {

/// A run for people: a table of the models with coverage, cost, latency and the mean of each score with its 95 %
/// interval, what the comparisons say, and who is best.
void show_run(Streams& streams, const RunAnswer& answer);

}  // namespace lumi::cli
