#include "cli/commands/run_plan.hpp"

#include "base/error.hpp"
#include "cli/commands/inference_run.hpp"
#include "cli/context.hpp"
#include "cli/io/view.hpp"
#include "core/services/job_inputs.hpp"

namespace lumi::cli {

namespace {

struct PlannedModel {
  std::string name;
  services::RunStep step = services::RunStep::ask;
  services::InferencePlan plan;
};

std::string to_text(services::RunStep step) {
  switch (step) {
  case services::RunStep::nothing:
    return "nothing";
  case services::RunStep::score:
    return "score";
  case services::RunStep::ask:
    break;
  }
  return "ask";
}

void show_plans(Context& context, const std::vector<PlannedModel>& models) {
  std::vector<services::InferencePlan> plans;
  plans.reserve(models.size());
  for (const auto& model : models) {
    plans.push_back(model.plan);
  }
  auto grid = grid_of(k_inference_plan_fields, plans);
  grid.columns.insert(grid.columns.begin(), {{"name", "NAME", Show::column}, {"step", "TO DO", Show::column}});
  for (std::size_t i = 0; i < models.size(); ++i) {
    grid.rows[i].insert(grid.rows[i].begin(), {Value(models[i].name), Value(to_text(models[i].step))});
  }
  show_listing(context.streams(), context.view(), grid, models.size(), "no models");
}

}  // namespace

std::optional<store::ExperimentRecord>
find_experiment(const SettledRun& settled, const RunCommandOptions& options, Context& context) {
  return options.fresh ? std::nullopt : context.runs().find_experiment(experiment_of(settled.run), settled.dataset);
}

std::vector<services::ModelRun> plan_models(const SettledRun& settled,
                                            const std::optional<store::ExperimentRecord>& experiment,
                                            Context& context,
                                            services::KeyCheck key_check) {
  std::vector<services::ModelRun> models;
  for (const auto& model : settled.models) {
    models.push_back(
        context.runs().plan(model.name, model.workflow, experiment, settled.dataset, settled.resume, key_check));
  }
  return models;
}

ExitCode check_run(const SettledRun& settled, Context& context) {
  for (const auto& model : settled.models) {
    try {
      context.workflow_run().check(model.workflow, "workflow of model '" + model.name + "'", settled.dataset);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::credentials) {
        throw;
      }
      context.streams().warning(error.what());
    }
  }
  context.streams().message("the run is fine: " + std::to_string(settled.models.size()) + " models, " +
                            std::to_string(settled.dataset.rows) + " rows");
  return ExitCode::done;
}

ExitCode show_run_plan(const SettledRun& settled, const RunCommandOptions& options, Context& context) {
  const auto experiment = find_experiment(settled, options, context);
  const auto input = services::dataset_input(settled.dataset, context.objects());
  std::vector<PlannedModel> plans;
  for (const auto& model : plan_models(settled, experiment, context, services::KeyCheck::no)) {
    plans.push_back(
        {model.name, model.step, context.inference().plan(model.workflow.inference, input, settled.dataset.rows)});
    if (model.step == services::RunStep::ask) {
      warn_of_key(context, plans.back().plan);
    }
  }
  show_plans(context, plans);
  return ExitCode::done;
}

std::vector<std::string> run_plan_fields() {
  auto fields = inference_plan_fields();
  fields.insert(fields.begin(), {"name", "step"});
  return fields;
}

}  // namespace lumi::cli
