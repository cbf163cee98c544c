#pragma once
#include "cli/commands/model_options.hpp"
#include "cli/commands/run_controls.hpp"
#include "cli/options.hpp"
#include "core/schemas/experiment.hpp"
#include "core/schemas/workflow.hpp"
#include "core/services/workflow_config.hpp"
#include "store/records/dataset.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// What flags say of a workflow.
struct WorkflowOptions {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> experiment;
  std::optional<std::int64_t> sample_seed;
  std::optional<std::int64_t> batch_size;
  std::optional<std::string> output_field;
  std::optional<std::int64_t> job_timeout_sec;
  std::vector<std::string> metrics;
  std::string missing_references = "refuse";
  ModelOptions target;
  RunControlOptions controls;
};

/// Declares them.
void bind_workflow_options(OptionSet& set, WorkflowOptions& options);

/// Puts what was given over `body`. Throws `usage`.
void apply(const WorkflowOptions& options, schemas::WorkflowCreate& body);

/// The workflow that a body and the flags over it ask for in an experiment, checked. Throws `usage` and
/// `invalid_input`.
services::Workflow workflow_of(const schemas::WorkflowCreate& body,
                               const WorkflowOptions& options,
                               Context& context,
                               const schemas::ExperimentConfig& experiment,
                               const store::DatasetRecord& dataset);

}  // namespace lumi::cli
