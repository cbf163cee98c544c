#pragma once
#include "cli/commands/failures.hpp"
#include "cli/commands/run_fields.hpp"
#include "cli/commands/run_settle.hpp"

namespace lumi::cli {

class Context;

/// Compares the models that have scores with the baseline (the first of them, if there is none) and ranks them.
void compare_models(RunAnswer& answer, const SettledRun& settled, Context& context);

/// Checks the conditions for each model that has scores.
void judge_models(RunAnswer& answer, const SettledRun& settled);

/// Writes the reports that were asked for.
void write_reports(const RunAnswer& answer, const SettledRun& settled, Context& context);

/// Adds what the exit code should tell: models that failed, samples without an answer, conditions that do not hold,
/// and with --fail-on-regression models that are worse than the baseline.
void add_failures(const RunAnswer& answer, const RunCommandOptions& options, Failures& failures);

}  // namespace lumi::cli
