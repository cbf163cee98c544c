#include "core/services/run.hpp"

#include "base/error.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/commands/run_models.hpp"
#include "cli/commands/run_outcome.hpp"
#include "cli/commands/run_plan.hpp"
#include "cli/commands/run_view.hpp"
#include "cli/context.hpp"

#include <utility>

namespace lumi::cli {

namespace {

// Takes up whatever is missing, and returns the workflow of each model.
std::vector<std::string> run_missing(const SettledRun& settled,
                                     const std::vector<services::ModelRun>& models,
                                     const store::ExperimentRecord& experiment,
                                     Context& context) {
  std::vector<std::string> ids;
  std::vector<TakenModel> taken;
  for (const auto& model : models) {
    if (model.step == services::RunStep::nothing) {
      ids.push_back(model.row->id);
      continue;
    }
    taken.push_back({model.name, context.runs().take_up(model, experiment, settled.dataset)});
    ids.push_back(taken.back().workflow.row.id);
    announce(context, "workflow", ids.back());
  }
  if (taken.empty()) {
    context.streams().message("nothing to do: every model has answered and is scored");
    return ids;
  }
  const auto& engine = settled.models.front().workflow.inference.controls.engine;
  run_models(context, std::move(taken), settled.resume, {engine.max_cost, engine.max_total_tokens});
  return ids;
}

ExitCode show_run(const RunAnswer& answer, Context& context) {
  auto& streams = context.streams();
  if (context.options().json) {
    show_item(streams, context.view(), grid_of(k_run_fields, std::vector{&answer}));
  } else if (streams.out_terminal() == Terminal::yes) {
    show_run(streams, answer);
  } else {
    const auto lines = lines_of(answer);
    show_listing(streams, context.view(), grid_of(k_run_line_fields, lines), lines.size(), "no models");
  }
  streams.flush();
  return ExitCode::done;
}

ExitCode work(const SettledRun& settled, const RunCommandOptions& options, Context& context) {
  const auto lock = context.runs().lock(settled.run.name);
  const auto known = find_experiment(settled, options, context);
  const auto models = plan_models(settled, known, context);
  const auto experiment = known ? *known : context.experiments().create(experiment_of(settled.run), settled.dataset);
  announce(context, "experiment", experiment.id);
  const auto ids = run_missing(settled, models, experiment, context);
  RunAnswer answer;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    answer.models.push_back(context.runs().outcome(settled.models[i].name, ids[i]));
  }
  answer.experiment = experiment_details(context, experiment);
  compare_models(answer, settled, context);
  judge_models(answer, settled);
  write_reports(answer, settled, context);
  show_run(answer, context);
  Failures failures(context);
  add_failures(answer, options, failures);
  failures.throw_if_any();
  return ExitCode::done;
}

ExitCode run(const RunCommandOptions& options, Context& context) {
  if (options.print_spec) {
    context.streams().out().write(schemas::to_yaml(run_of(options, context)));
    return ExitCode::done;
  }
  const auto settled = settle_run(options, context);
  if (options.check) {
    return check_run(settled, context);
  }
  return options.dry_run ? show_run_plan(settled, options, context) : work(settled, options, context);
}

std::vector<std::string> fields_of_run() {
  auto fields = names_of(k_run_fields);
  for (auto& field : run_plan_fields()) {
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace

Command run_command() {
  return command<RunCommandOptions>(
      {.path = "run",
       .summary = "Compare models on your data: ask, score, report, gate",
       .description =
           "Asks every model about every row of the dataset, scores the answers, says which model is best or that "
           "this is not decided, writes reports and checks conditions. What is run stands in a spec file (see 'lumi "
           "init'), in flags, or both.\n\n"
           "The same command again finishes what is missing and repeats nothing: after an interruption, a crash or "
           "a budget only what was not answered is asked; with other metrics only the scoring is done anew. Each "
           "model is a workflow of one experiment, which 'lumi experiment get' shows.\n\n"
           "Answers are taken at temperature 0 unless asked for otherwise. In a pipe it prints a line for each "
           "score of each model.",
       .examples = {{"what a spec says", "lumi run lumi.yaml"},
                    {"two models, without a spec",
                     "lumi run --dataset articles.csv --model openai/gpt-4o-mini --model "
                     "local=gemma@http://127.0.0.1:8080/v1 --metric rouge"},
                    {"what it would cost", "lumi run lumi.yaml --dry-run"},
                    {"a gate in CI", "lumi run lumi.yaml --require 'rougeL >= 0.3' --report junit=lumi.xml"}},
       .json_fields = fields_of_run()},
      bind_run_options,
      run);
}

}  // namespace lumi::cli
