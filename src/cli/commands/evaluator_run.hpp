#pragma once
#include "cli/commands/evaluation_report.hpp"
#include "core/services/evaluator_job.hpp"
#include "store/records/dataset.hpp"

namespace lumi::cli {

class Context;

/// What a command that runs an evaluator job shows at its end.
enum class ShowAtEnd { scores, job };

/// Stores and runs the job in the foreground with progress, writes the outputs, shows the scores or the job, and
/// returns the exit code of the work.
ExitCode run_evaluator_job(Context& context,
                           const services::EvaluatorJob& job,
                           const store::DatasetRecord& dataset,
                           const EvaluationOutputs& outputs,
                           ShowAtEnd show);

}  // namespace lumi::cli
