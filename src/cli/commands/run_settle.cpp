#include "cli/commands/run_settle.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/inference_run.hpp"
#include "cli/commands/party_argument.hpp"
#include "cli/context.hpp"
#include "core/evaluation/plan.hpp"
#include "core/services/dataset.hpp"

#include <algorithm>
#include <utility>

namespace lumi::cli {

namespace {

store::DatasetRecord dataset_of(const schemas::Run& run, const RunCommandOptions& options, Context& context) {
  if (is_file_argument(run.dataset)) {
    auto input = file_argument_input(context, run.dataset, options.input_format);
    return register_file(context, run.dataset, input, run.columns);
  }
  if (!run.columns.empty()) {
    throw Error(ErrorCode::usage,
                "columns are given for the dataset " + quote(run.dataset) + ", whose columns have their names",
                "name the columns of a file, or leave them out");
  }
  return context.datasets().get(run.dataset);
}

std::vector<NamedCondition>
conditions_of(const schemas::Run& run, const std::vector<NamedWorkflow>& models, Context& context) {
  const auto plan = evaluation::make_plan(models.front().workflow.evaluation.request, context.metric_resources());
  for (const auto& warning : plan.warnings) {
    context.streams().warning(warning);
  }
  const auto measures = evaluation::run_measures(plan);
  std::vector<NamedCondition> conditions;
  for (const auto& text : run.requirements) {
    auto condition = evaluation::parse_condition(text);
    const auto names_model = [&](const NamedWorkflow& model) { return model.name == condition.model; };
    if (!condition.model.empty() && std::none_of(models.begin(), models.end(), names_model)) {
      throw Error(ErrorCode::usage,
                  "condition " + quote(condition.text) + " is about " + quote(condition.model) +
                      ", which is no model of the run");
    }
    auto measure = measures.resolve(condition);
    conditions.push_back({std::move(condition), std::move(measure)});
  }
  return conditions;
}

// A condition on the cost needs a price.
void check_prices(const SettledRun& settled, Context& context) {
  const auto prices = chat::PriceTable::load(context.settings());
  for (const auto& condition : settled.conditions) {
    for (const auto& model : settled.models) {
      const auto& job = model.workflow.inference;
      if (condition.measure != "cost" || !is_about(condition, model.name) || job.price) {
        continue;
      }
      const auto endpoint = chat::make_endpoint(job.body.provider, job.body.base_url);
      if (!prices.find(endpoint, job.body.model)) {
        throw Error(ErrorCode::usage,
                    "condition " + quote(condition.condition.text) + " needs the price of " + quote(job.body.model) +
                        ", which is not known",
                    "give prices in the spec or the configuration; 'lumi model prices' lists those that are known");
      }
    }
  }
}

}  // namespace

bool is_about(const NamedCondition& condition, const std::string& model) {
  return condition.condition.model.empty() || condition.condition.model == model;
}

SettledRun settle_run(const RunCommandOptions& options, Context& context) {
  SettledRun settled;
  settled.run = run_of(options, context);
  settled.resume = resume_options(options.retry);
  const auto& run = settled.run;
  if (run.baseline) {
    settled.baseline = party_of(context, *run.baseline).party;
  }
  settled.dataset = dataset_of(run, options, context);
  settled.models = workflows_of(run, options, context, settled.dataset);
  if (settled.models.size() > 1 && !settled.models.front().workflow.inference.controls.record.empty()) {
    throw Error(ErrorCode::usage, "--record takes the exchanges with one model", "run each model by itself");
  }
  for (const auto& model : settled.models) {
    context.inference().check_provider(model.workflow.inference);
  }
  settled.conditions = conditions_of(run, settled.models, context);
  check_prices(settled, context);
  return settled;
}

}  // namespace lumi::cli
