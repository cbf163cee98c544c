#include "cli/commands/party_argument.hpp"

#include "cli/commands/dataset_argument.hpp"
#include "cli/context.hpp"
#include "core/schemas/run.hpp"
#include "core/services/baseline.hpp"
#include "core/services/comparison.hpp"
#include "core/services/evaluation_lookup.hpp"

#include <filesystem>
#include <optional>

namespace lumi::cli {

namespace {

NamedParty load(Context& context, const services::NamedEvaluation& evaluation) {
  return {evaluation.name, services::ComparisonService(context.jobs()).job(evaluation.job_id)};
}

// What needs no looking up of ids.
std::optional<NamedParty> file_or_baseline(Context& context, const std::string& argument) {
  if (is_file_argument(argument)) {
    return NamedParty{std::filesystem::path(argument).filename().string(), services::ComparisonService::file(argument)};
  }
  if (schemas::looks_like_id(argument)) {
    return std::nullopt;
  }
  auto party = services::ComparisonService(context.jobs()).job(context.baselines().get(argument).job_id);
  party.id = argument;
  return NamedParty{argument, std::move(party)};
}

}  // namespace

NamedParty party_of(Context& context, const std::string& argument) {
  auto known = file_or_baseline(context, argument);
  return known ? *std::move(known) : load(context, context.evaluations().find_one(argument));
}

std::vector<NamedParty> parties_of(Context& context, const std::string& argument) {
  std::vector<NamedParty> parties;
  if (auto known = file_or_baseline(context, argument)) {
    parties.push_back(*std::move(known));
    return parties;
  }
  for (const auto& evaluation : context.evaluations().find(argument)) {
    parties.push_back(load(context, evaluation));
  }
  return parties;
}

}  // namespace lumi::cli
