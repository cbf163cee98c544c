#pragma once
#include "cli/commands/run_spec.hpp"
#include "core/comparison/likeness.hpp"
#include "core/evaluation/conditions.hpp"
#include "core/schemas/run.hpp"
#include "core/services/inference.hpp"
#include "store/records/dataset.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// A condition with the full name of what it is about.
struct NamedCondition {
  evaluation::Condition condition;
  std::string measure;
};

/// Everything about a run that is settled before any work.
struct SettledRun {
  schemas::Run run;
  store::DatasetRecord dataset;
  std::vector<NamedWorkflow> models;
  std::vector<NamedCondition> conditions;
  std::optional<comparison::Party> baseline;
  services::ResumeOptions resume;
};

/// Whether the condition is for that model too.
bool is_about(const NamedCondition& condition, const std::string& model);

/// Settles what can be known before any work: spec and flags, dataset (a file is kept), workflows, baseline,
/// conditions. Throws for whatever is wrong with them.
SettledRun settle_run(const RunCommandOptions& options, Context& context);

}  // namespace lumi::cli
