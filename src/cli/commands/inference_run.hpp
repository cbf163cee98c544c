#pragma once
#include "cli/commands/inference_options.hpp"
#include "cli/commands/job_types.hpp"
#include "cli/exit_code.hpp"
#include "cli/io/progress.hpp"
#include "cli/io/value.hpp"
#include "core/services/inference.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace lumi::cli {

/// What an inference would take, field by field.
extern const std::array<Field<services::InferencePlan>, 10> k_inference_plan_fields;

class Context;

/// What --json=… of a command that makes inference jobs may name: the job's fields, and those of --dry-run.
std::vector<std::string> inference_json_fields();

/// Stores the job and runs it in the foreground with progress, or in the background, and shows it; with --dry-run,
/// shows what it would take.
ExitCode create_inference_job(Context& context, const InferenceOptions& options, const services::InferenceJob& job);

/// Warns if a job that is only planned could not be made yet, for want of its key.
void warn_of_key(Context& context, const services::InferencePlan& plan);

/// Shows what an inference about `rows` rows of `input` would take; sends nothing, and needs no key.
ExitCode show_inference_plan(Context& context,
                             const services::InferenceJob& job,
                             const evaluation::Input& input,
                             std::uint64_t rows);

/// What --json=… of such a plan may name.
std::vector<std::string> inference_plan_fields();

/// Shows on `bar` how far an inference is.
inference::ProgressCallback asking_progress(Progress& bar);

/// What --retry asks for. Throws `usage` for an unknown status.
services::ResumeOptions resume_options(const std::vector<std::string>& retry);

/// The configuration of an inference or annotate job with other run controls.
std::string inference_config_with(Context& context, const store::JobRecord& row, const RunControlOptions& controls);

/// JobType::has_work and JobType::run of inference and annotate jobs.
bool has_inference_to_do(Context& context, const store::JobRecord& job, const RunOptions& options);
ExitCode run_inference_job(Context& context, services::OwnedJob job, const RunOptions& options);

}  // namespace lumi::cli
