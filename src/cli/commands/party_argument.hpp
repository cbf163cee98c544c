#pragma once
#include "core/comparison/likeness.hpp"
#include "core/services/evaluation_lookup.hpp"

#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// Results with the name that people call them by.
struct NamedParty {
  std::string name;
  comparison::Party party;
};

/// The evaluations that an argument names which is no file: the name of a baseline, or the id of an evaluator job, a
/// workflow or an experiment. Throws as BaselineService and EvaluationLookup.
std::vector<services::NamedEvaluation> evaluations_of(Context& context, const std::string& argument);

/// The results that an argument names: a results.json, the name of a baseline, or the id of an evaluator job, a
/// workflow or an experiment with one evaluation. Throws as ComparisonService, BaselineService and EvaluationLookup.
NamedParty party_of(Context& context, const std::string& argument);

/// The same, where an experiment stands for all of its workflows.
std::vector<NamedParty> parties_of(Context& context, const std::string& argument);

}  // namespace lumi::cli
