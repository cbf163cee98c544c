#pragma once
#include "core/services/experiment.hpp"
#include "core/services/job.hpp"
#include "core/services/workflow.hpp"
#include "store/database_provider.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// An evaluator job, and what people call it: the name of its workflow, or its own.
struct NamedEvaluation {
  std::string name;
  std::string job_id;
};

/// Finds the evaluations that an id stands for, whatever kind of thing has it.
class EvaluationLookup {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    JobService& jobs;
    WorkflowService& workflows;
    ExperimentService& experiments;
  };

  explicit EvaluationLookup(Dependencies dependencies) : with_(dependencies) {}

  /// The evaluations of a job (itself), a workflow (its own) or an experiment (those of its workflows, oldest first),
  /// by id or unique prefix. Throws `not_found` where there is none, `usage` where things of several kinds have the
  /// prefix, `pending` for a workflow that is not scored yet.
  std::vector<NamedEvaluation> find(std::string_view id);

  /// As `find`, for what must be one. Throws `usage` for an experiment with several.
  NamedEvaluation find_one(std::string_view id);

private:
  NamedEvaluation of_workflow(const store::WorkflowRecord& workflow);
  std::vector<NamedEvaluation> of_experiment(const std::string& id);

  Dependencies with_;
};

}  // namespace lumi::services
