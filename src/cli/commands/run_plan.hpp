#pragma once
#include "cli/commands/run_settle.hpp"
#include "cli/exit_code.hpp"
#include "core/services/run.hpp"
#include "store/records/experiment.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// The experiment that the run goes on with; nothing for a new one.
std::optional<store::ExperimentRecord>
find_experiment(const SettledRun& settled, const RunCommandOptions& options, Context& context);

/// What each model has left to do in the experiment (nothing: a new one). Throws as RunService::plan.
std::vector<services::ModelRun> plan_models(const SettledRun& settled,
                                            const std::optional<store::ExperimentRecord>& experiment,
                                            Context& context,
                                            services::KeyCheck key_check = services::KeyCheck::yes);

/// --check: what a run would check before any work. A key that is missing is only a warning.
ExitCode check_run(const SettledRun& settled, Context& context);

/// --dry-run: what each model would take, a line for each. A key that is missing is only a warning.
ExitCode show_run_plan(const SettledRun& settled, const RunCommandOptions& options, Context& context);

/// The fields of such a line.
std::vector<std::string> run_plan_fields();

}  // namespace lumi::cli
