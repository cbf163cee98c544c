#pragma once
#include "cli/commands/model_options.hpp"
#include "cli/commands/run_controls.hpp"
#include "cli/options.hpp"
#include "core/schemas/experiment.hpp"
#include "core/schemas/run.hpp"
#include "core/services/workflow_config.hpp"
#include "store/records/dataset.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// What flags say of a run: they replace what its spec says.
struct RunCommandOptions {
  std::optional<std::string> spec;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> dataset;
  std::optional<std::string> input_format;
  std::optional<std::string> task;
  std::optional<std::string> source_language;
  std::optional<std::string> target_language;
  std::optional<std::string> baseline;
  std::optional<std::int64_t> max_samples;
  std::optional<std::int64_t> sample_seed;
  std::optional<std::int64_t> job_timeout_sec;
  std::vector<std::string> models;
  std::vector<std::string> metrics;
  std::vector<std::string> requirements;
  std::vector<std::string> reports;
  std::vector<std::string> allowed_folders;
  std::vector<std::string> retry;
  std::string missing_references = "refuse";
  ModelOptions target;
  RunControlOptions controls;
  bool fresh = false;
  bool check = false;
  bool print_spec = false;
  bool dry_run = false;
  bool fail_on_regression = false;
};

/// Declares them.
void bind_run_options(OptionSet& set, RunCommandOptions& options);

/// The run that the spec file and the flags over it ask for, with a name for it and for each model. Throws `usage` and
/// `invalid_input`.
schemas::Run run_of(const RunCommandOptions& options, Context& context);

/// The experiment of a run.
schemas::ExperimentCreate experiment_of(const schemas::Run& run);

/// A model of a run and what its workflow does.
struct NamedWorkflow {
  std::string name;
  services::Workflow workflow;
};

/// The workflows of the models of a run. Models of one endpoint share a number of requests in flight that is given.
/// Throws `usage` and `invalid_input`.
std::vector<NamedWorkflow> workflows_of(const schemas::Run& run,
                                        const RunCommandOptions& options,
                                        Context& context,
                                        const store::DatasetRecord& dataset);

}  // namespace lumi::cli
