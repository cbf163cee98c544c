#pragma once
#include "cli/io/value.hpp"
#include "core/schemas/experiment.hpp"
#include "core/services/workflow.hpp"
#include "store/records/experiment.hpp"

#include <array>
#include <vector>

namespace lumi::cli {

class Context;

/// An experiment with its workflows, newest first.
struct ExperimentDetails {
  store::ExperimentRecord row;
  schemas::ExperimentConfig config;
  std::vector<services::WorkflowDetails> workflows;
};

/// Everything that is known of an experiment, in Lumigator's names and order: GetExperimentResponse.
extern const std::array<Field<ExperimentDetails>, 9> k_experiment_fields;

ExperimentDetails experiment_details(Context& context, const store::ExperimentRecord& row);

}  // namespace lumi::cli
