#include "base/error.hpp"
#include "cli/commands/body_file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/inference_run.hpp"
#include "cli/commands/job_types.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/commands/workflow_fields.hpp"
#include "cli/commands/workflow_options.hpp"
#include "cli/commands/workflow_steps.hpp"
#include "cli/context.hpp"
#include "core/services/dataset.hpp"
#include "core/services/experiment.hpp"
#include "core/services/job_inputs.hpp"
#include "core/services/resolve_id.hpp"
#include "core/services/workflow_run.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

struct WorkflowCreateOptions {
  std::optional<std::string> body;
  WorkflowOptions workflow;
  bool dry_run = false;
  bool detach = false;
};

void bind(OptionSet& set, WorkflowCreateOptions& options) {
  set.option("-f,--file", "BODY.json", options.body, "Lumigator's request body; - for stdin. Flags override it")
      .completes(Completes::file);
  bind_workflow_options(set, options.workflow);
  set.flag("--dry-run", options.dry_run, "Only say what its inference would take: rows, tokens, cost; send nothing");
  bind_detach(set, options.detach);
}

schemas::WorkflowCreate body_of(const WorkflowCreateOptions& options, Context& context) {
  schemas::WorkflowCreate body;
  if (const auto text = read_body(context, options.body)) {
    body = schemas::parse_workflow(text->text, text->name);
  }
  apply(options.workflow, body);
  if (body.has_config_template) {
    context.streams().warning("config_template is not read");
  }
  if (!options.body && body.inference.model.empty()) {
    throw Error(ErrorCode::usage, "missing --model", "give --model or a body with -f that has one");
  }
  if (!options.body && body.inference.provider.empty()) {
    throw Error(ErrorCode::usage, "missing --provider", "give --provider, or --base-url for a server of your own");
  }
  if (!options.body && body.name.empty()) {
    body.name = body.inference.model;
  }
  schemas::check_workflow(body);
  return body;
}

store::ExperimentRecord experiment_of(const schemas::WorkflowCreate& body, Context& context) {
  try {
    if (!body.experiment_id.empty()) {
      return context.experiments().get(body.experiment_id);
    }
  } catch (const Error& error) {
    // Lumigator's own ids have few digits; here they are too short to mean one of several.
    const bool is_short = error.code() == ErrorCode::usage && body.experiment_id.size() < services::k_shortest_prefix;
    if (error.code() != ErrorCode::not_found && !is_short) {
      throw;
    }
  }
  throw Error(ErrorCode::invalid_input,
              "Cannot create workflow '" + body.name + "': No experiment found.",
              "'lumi experiment list' shows those that there are");
}

ExitCode run(const WorkflowCreateOptions& options, Context& context) {
  const auto body = body_of(options, context);
  const auto experiment = experiment_of(body, context);
  const auto dataset = context.datasets().get(experiment.dataset_id);
  const auto workflow =
      workflow_of(body, options.workflow, context, schemas::parse_experiment_config(experiment.config_json), dataset);
  if (options.dry_run) {
    const auto input = services::dataset_input(dataset, context.objects());
    return show_inference_plan(context, workflow.inference, input, dataset.rows);
  }
  auto owned = context.workflow_run().create(workflow, experiment, dataset);
  announce(context, "workflow", owned.row.id);
  return options.detach ? detach_workflow(context, std::move(owned), {})
                        : run_workflow(context, std::move(owned), {}, ShowAtEnd::job);
}

std::vector<std::string> fields_of_steps() {
  auto fields = names_of(k_workflow_fields);
  for (auto& field : inference_plan_fields()) {
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) {
      fields.push_back(std::move(field));
    }
  }
  return fields;
}

}  // namespace

Command workflow_create_command() {
  return command<WorkflowCreateOptions>(
      {.path = "workflow create",
       .summary = "Ask a model about an experiment's dataset and score its answers",
       .description = "Does what POST /workflows of Lumigator does: asks the model about every row, keeps its answers "
                      "as a dataset, "
                      "scores them, and puts the results of both together. The ids are on stderr as soon as there are "
                      "any, the whole "
                      "workflow on stdout at the end. Each step that was done is not done again: 'lumi workflow "
                      "resume' goes on with "
                      "a workflow that failed, was stopped or was killed.",
       .examples =
           {{"a server of your own",
             "lumi workflow create --experiment 4e1c09a7 --model gemma --base-url http://127.0.0.1:8080/v1"},
            {"in the background",
             "lumi workflow create --experiment 4e1c09a7 --provider openai --model gpt-4o-mini --detach --json=id"},
            {"with a body of Lumigator", "lumi workflow create -f body.json"}},
       .json_fields = fields_of_steps()},
      bind,
      run);
}

}  // namespace lumi::cli
