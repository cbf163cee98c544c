#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/models/model.hpp"
#include "core/services/secret.hpp"

#include <algorithm>
#include <array>

namespace lumi::cli {

namespace {

// The tasks that suggested models have: Lumigator knows no others here.
const std::vector<std::string> k_tasks = {"summarization", "translation"};

struct ModelListOptions {
  std::vector<std::string> tasks;
  bool runnable = false;
};

/// A model, and why it cannot be asked now.
struct ListedModel {
  models::Model model;
  std::optional<std::string> reason;
};

Value json_or_null(const std::optional<std::string>& json) { return json ? Value(Json{*json}) : Value(); }

constexpr std::array<Field<ListedModel>, 11> k_model_fields{{
    {"display_name", "NAME", Show::detail, [](const ListedModel& listed) { return Value(listed.model.display_name); }},
    {"model", "MODEL", Show::column, [](const ListedModel& listed) { return Value(listed.model.model); }},
    {"provider", "PROVIDER", Show::column, [](const ListedModel& listed) { return Value(listed.model.provider); }},
    {"base_url",
     "BASE URL",
     Show::detail,
     [](const ListedModel& listed) { return value_or_null(listed.model.base_url); }},
    {"website_url",
     "WEB PAGE",
     Show::detail,
     [](const ListedModel& listed) { return value_or_null(listed.model.website_url); }},
    {"description",
     "DESCRIPTION",
     Show::detail,
     [](const ListedModel& listed) { return value_or_null(listed.model.description); }},
    {"requirements",
     "NEEDS",
     Show::json,
     [](const ListedModel& listed) { return Value(Json{listed.model.requirements_json}); }},
    {"info", "INFO", Show::json, [](const ListedModel& listed) { return json_or_null(listed.model.info_json); }},
    {"tasks", "TASKS", Show::json, [](const ListedModel& listed) { return Value(Json{listed.model.tasks_json}); }},
    {"runnable", "RUNNABLE", Show::column, [](const ListedModel& listed) { return Value(!listed.reason.has_value()); }},
    {"reason", "WHY NOT", Show::column, [](const ListedModel& listed) { return value_or_null(listed.reason); }},
}};

void bind(OptionSet& set, ModelListOptions& options) {
  set.list("--task", "TASK", options.tasks, "Only models for this task, or for any of several")
      .synonym("--tasks")
      .suggests(k_tasks);
  set.flag("--runnable", options.runnable, "Only those that can be asked now");
}

/// The tasks in lower case. Throws `usage` for unknown ones, with Lumigator's message.
std::vector<std::string> known_tasks(std::vector<std::string> tasks) {
  std::vector<std::string> unknown;
  std::string near;
  for (auto& task : tasks) {
    task = to_lower_ascii(task);
    if (std::find(k_tasks.begin(), k_tasks.end(), task) == k_tasks.end()) {
      unknown.push_back("'" + escape_control(task) + "'");
      near = near.empty() ? did_you_mean(task, k_tasks) : near;
    }
  }
  if (!unknown.empty()) {
    throw Error(ErrorCode::usage,
                "Unsupported task(s): {" + join(unknown, ", ") + "}. Choose from: {'" + join(k_tasks, "', '") + "'}",
                near);
  }
  return tasks;
}

ExitCode run(const ModelListOptions& options, Context& context) {
  const auto file = context.settings().file().parent_path() / "models.json";
  std::vector<ListedModel> listed;
  for (auto& model : models::with_any_task(models::known_models(file), known_tasks(options.tasks))) {
    auto reason = models::why_not_runnable(model, [&](const std::string& name) { return context.secrets().has(name); });
    if (!options.runnable || !reason) {
      listed.push_back({std::move(model), std::move(reason)});
    }
  }
  auto view = context.view();
  view.nulls = Nulls::left_out;
  show_listing(context.streams(), view, grid_of(k_model_fields, listed), listed.size(), "no models");
  return ExitCode::done;
}

}  // namespace

Command model_list_command() {
  return command<ModelListOptions>(
      {.path = "model list",
       .summary = "List models that suit a task",
       .description =
           "The models that Lumigator suggests, and those of the file models.json in the folder of the "
           "configuration, an array of objects with the fields below (model and provider are needed). Any other "
           "model can be asked, too. In JSON, fields without a value are left out.",
       .examples = {{"for translations", "lumi model list --task translation"},
                    {"those that can be asked now", "lumi model list --runnable --json=model,provider"}},
       .json_fields = names_of(k_model_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
