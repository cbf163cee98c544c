#include "core/services/evaluation_lookup.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "core/services/workflow_control.hpp"
#include "core/services/workflow_jobs.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace lumi::services {

namespace {

/// What `resolve` says, or nothing where it finds none.
std::optional<std::string> found(const std::function<std::string()>& resolve) {
  try {
    return resolve();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) {
      return std::nullopt;
    }
    throw;
  }
}

}  // namespace

NamedEvaluation EvaluationLookup::of_workflow(const store::WorkflowRecord& workflow) {
  const auto job = find_job(*with_.databases.find(), workflow.id, k_evaluator);
  if (job && job->status == "succeeded") {
    return {workflow.name, job->id};
  }
  throw Error(is_finished(workflow) ? ErrorCode::not_found : ErrorCode::pending,
              "workflow " + quote(workflow.id) + " has no scores: it is " + workflow.status,
              "'lumi workflow logs " + workflow.id + "' shows how far it came");
}

std::vector<NamedEvaluation> EvaluationLookup::of_experiment(const std::string& id) {
  auto workflows = with_.experiments.workflows(id);
  std::reverse(workflows.begin(), workflows.end());
  std::vector<NamedEvaluation> evaluations;
  for (const auto& workflow : workflows) {
    if (workflow.status == "succeeded") {
      evaluations.push_back(of_workflow(workflow));
    }
  }
  if (evaluations.empty()) {
    throw Error(ErrorCode::not_found,
                "experiment " + quote(id) + " has no workflow that has succeeded",
                "'lumi experiment get " + id + "' shows them");
  }
  return evaluations;
}

std::vector<NamedEvaluation> EvaluationLookup::find(std::string_view id) {
  const auto job = found([&] { return with_.jobs.resolve(id); });
  const auto workflow = found([&] { return with_.workflows.resolve(id); });
  const auto experiment = found([&] { return with_.experiments.resolve(id); });
  if (int{job.has_value()} + int{workflow.has_value()} + int{experiment.has_value()} > 1) {
    throw Error(ErrorCode::usage, "several things have ids that begin with " + quote(id), "give more of the id");
  }
  if (workflow) {
    return {of_workflow(with_.workflows.get(*workflow))};
  }
  if (experiment) {
    return of_experiment(*experiment);
  }
  const auto row = with_.jobs.get(id);  // also for the error of what nothing has
  return {{row.name, row.id}};
}

NamedEvaluation EvaluationLookup::find_one(std::string_view id) {
  auto evaluations = find(id);
  if (evaluations.size() > 1) {
    throw Error(ErrorCode::usage,
                quote(id) + " is an experiment with " + std::to_string(evaluations.size()) + " evaluations",
                "name one of its workflows: 'lumi experiment get " + std::string(id) + "' shows them");
  }
  return std::move(evaluations.front());
}

}  // namespace lumi::services
