#pragma once
#include "core/report/report.hpp"

namespace lumi::report {

/// Charts as SVG: for each score the means of all subjects with their 95 % bootstrap intervals, and a histogram for
/// each subject.
void write_charts(const Report& report, ByteSink& sink);

}  // namespace lumi::report
