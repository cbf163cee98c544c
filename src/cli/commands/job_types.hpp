#pragma once
#include "cli/commands/evaluator_run.hpp"
#include "cli/commands/run_controls.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "core/services/job_run.hpp"
#include "store/records/job.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

class Context;

/// How a job that is stored already is run.
struct RunOptions {
  std::vector<std::string> retry = {};  ///< statuses of finished samples that are done again
  ShowAtEnd show = ShowAtEnd::job;
};

/// How commands that know only a job's row run it: one line for each type of job.
struct JobType {
  std::string_view name;

  /// The configuration of a job with other run controls, where any are given. Throws `usage` if it takes none.
  std::string (*config_with)(Context& context, const store::JobRecord& job, const RunControlOptions& controls);

  /// Whether a job that has ended has something left to do. Throws as the creation of such a job would, before
  /// anything is done.
  bool (*has_work)(Context& context, const store::JobRecord& job, const RunOptions& options);

  /// Runs it to its end and returns the exit code of the work. Throws what ended it, once the row says so.
  ExitCode (*run)(Context& context, services::OwnedJob job, const RunOptions& options);
};

/// Throws `usage` for a type that this version of lumi cannot run.
const JobType& job_type(std::string_view name);

/// Adds --detach.
void bind_detach(OptionSet& set, bool& detach);

/// Hands the job to a process of its own that outlives the terminal, and shows it as Lumigator's JobResponse. Services
/// of the context that were asked for before are gone afterwards.
ExitCode run_in_background(Context& context, services::OwnedJob job, const RunOptions& options);

}  // namespace lumi::cli
