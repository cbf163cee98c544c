#include "cli/commands/party_argument.hpp"

#include "cli/commands/dataset_argument.hpp"
#include "cli/context.hpp"
#include "core/schemas/run.hpp"
#include "core/services/baseline.hpp"
#include "core/services/comparison.hpp"

#include <filesystem>

namespace lumi::cli {

namespace {

NamedParty load(Context& context, const services::NamedEvaluation& evaluation) {
  NamedParty named{evaluation.name, services::ComparisonService(context.jobs()).job(evaluation.job_id)};
  return named;
}

NamedParty load_file(const std::string& path) {
  return {std::filesystem::path(path).filename().string(), services::ComparisonService::file(path)};
}

}  // namespace

std::vector<services::NamedEvaluation> evaluations_of(Context& context, const std::string& argument) {
  if (schemas::looks_like_id(argument)) {
    return context.evaluations().find(argument);
  }
  return {{argument, context.baselines().get(argument).job_id}};
}

NamedParty party_of(Context& context, const std::string& argument) {
  if (is_file_argument(argument)) {
    return load_file(argument);
  }
  if (schemas::looks_like_id(argument)) {
    return load(context, context.evaluations().find_one(argument));
  }
  auto named = load(context, {argument, context.baselines().get(argument).job_id});
  named.party.id = argument;
  return named;
}

std::vector<NamedParty> parties_of(Context& context, const std::string& argument) {
  std::vector<NamedParty> parties;
  if (is_file_argument(argument)) {
    parties.push_back(load_file(argument));
    return parties;
  }
  for (const auto& evaluation : evaluations_of(context, argument)) {
    parties.push_back(load(context, evaluation));
  }
  return parties;
}

}  // namespace lumi::cli
