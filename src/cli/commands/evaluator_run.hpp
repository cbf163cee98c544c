#pragma once
#include "cli/commands/evaluation_report.hpp"
#include "core/services/job_run.hpp"

namespace lumi::cli {

class Context;

/// What a command that runs an evaluator job shows at its end.
enum class ShowAtEnd { scores, job, nothing };

/// Runs the job in the foreground with progress, writes the outputs, shows the scores or the job, and returns the exit
/// code of the work.
ExitCode run_evaluator_job(Context& context, services::OwnedJob job, const EvaluationOutputs& outputs, ShowAtEnd show);

}  // namespace lumi::cli
