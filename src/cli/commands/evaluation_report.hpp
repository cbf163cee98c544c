#pragma once
#include "cli/exit_code.hpp"
#include "cli/io/progress.hpp"
#include "cli/options.hpp"
#include "core/evaluation/evaluate.hpp"
#include "core/services/evaluator.hpp"

#include <optional>
#include <string>

namespace lumi::cli {

class Context;

/// The files that an evaluation may write beside what it stores.
struct EvaluationOutputs {
  std::optional<std::string> results;
  std::optional<std::string> per_sample;
  bool excel_safe = false;
};

void bind_evaluation_outputs(OptionSet& set, EvaluationOutputs& outputs);

/// Throws Error{usage} for outputs that cannot be written together, in that format, or over the `dataset` that is read,
/// before any work.
void check_outputs(const EvaluationOutputs& outputs, const std::string& dataset, Context& context);

/// Writes them. The results of a stored job are those that are kept; else `job` is what they echo as parameters.
void write_outputs(const EvaluationOutputs& outputs,
                   Context& context,
                   const services::EvaluatorJob& job,
                   const services::EvaluationAnswer& answer,
                   const evaluation::Input& input);

/// Says the warnings, shows the scores (on a terminal with the worst samples), the conditions that do not hold, and
/// returns the exit code. With --json the answer as an object instead of the scores, and nothing if results.json went
/// to stdout.
ExitCode report_evaluation(Context& context,
                           const services::EvaluationAnswer& answer,
                           const services::EvaluatorJob& job,
                           const evaluation::Input& input,
                           const EvaluationOutputs& outputs);

void report_warnings(Context& context, const evaluation::Outcome& outcome);

/// Says what an evaluation that finished still reports, such as a condition that does not hold; returns its exit code.
ExitCode report_verdict(Context& context, const evaluation::Outcome& outcome);

/// What the progress over an input of this size counts.
Counts counted(std::uint64_t size_bytes);

/// The progress of a scoring, in bytes where the input's size is known, else in rows.
evaluation::ProgressCallback scoring_progress(Progress& progress, std::uint64_t size_bytes);

}  // namespace lumi::cli
