#include "cli/commands/run_spec.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/set_if_given.hpp"
#include "cli/commands/workflow_options.hpp"
#include "cli/context.hpp"
#include "core/models/model.hpp"
#include "core/report/report.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

namespace lumi::cli {

namespace {

constexpr const char* k_usual_spec = "lumi.yaml";

// ---- reading

schemas::Run read_spec(const RunCommandOptions& options, Context& context, const std::string& file) {
  schemas::SpecPlace place;
  place.name = file == "-" ? "stdin" : file;
  const auto folder = std::filesystem::path(file).parent_path();
  place.folder = file == "-" || folder.empty() ? std::filesystem::path(".") : folder;
  place.allowed_folders.assign(options.allowed_folders.begin(), options.allowed_folders.end());
  const auto text = file == "-" ? read_all(*context.streams().open_input()) : read_file(file);
  auto run = schemas::parse_run(text, place);
  if (run.name.empty()) {
    run.name = file == "-" ? "lumi" : std::filesystem::path(file).stem().string();
  }
  return run;
}

std::optional<std::string> spec_file(const RunCommandOptions& options) {
  std::error_code absent;
  if (options.spec || options.dataset || !std::filesystem::exists(k_usual_spec, absent)) {
    return options.spec;
  }
  return k_usual_spec;
}

// [NAME=]MODEL; an = inside a URL belongs to it.
schemas::RunModel model_of(const std::string& text) {
  schemas::RunModel model;
  const auto equals = text.find('=');
  if (equals != std::string::npos && equals > 0 && equals < text.find_first_of("/@:")) {
    model.name = text.substr(0, equals);
    model.model = text.substr(equals + 1);
  } else {
    model.model = text;
  }
  if (trim(model.model).empty()) {
    throw Error(ErrorCode::usage, "--model needs [NAME=][PROVIDER/]MODEL[@BASE_URL], not " + quote(text));
  }
  return model;
}

schemas::RunReport report_of(const std::string& text) {
  const auto formats = report::format_names();
  const auto equals = text.find('=');
  auto format = text.substr(0, equals);
  if (equals == std::string::npos || equals + 1 == text.size() ||
      std::find(formats.begin(), formats.end(), format) == formats.end()) {
    throw Error(ErrorCode::usage,
                "--report needs FORMAT=FILE, not " + quote(text),
                "the formats are " + join(formats, ", ") + "; for example --report html=report.html");
  }
  return {std::move(format), text.substr(equals + 1)};
}

void apply_flags(const RunCommandOptions& options, schemas::Run& run) {
  set_if_given(run.name, options.name);
  set_if_given(run.description, options.description);
  set_if_given(run.dataset, options.dataset);
  set_if_given(run.task.task, options.task);
  set_if_given(run.task.source_language, options.source_language);
  set_if_given(run.task.target_language, options.target_language);
  set_if_given(run.max_samples, options.max_samples);
  set_if_given(run.baseline, options.baseline);
  run.sample_seed = options.sample_seed ? options.sample_seed : run.sample_seed;
  if (!options.models.empty()) {
    run.models.clear();
    std::transform(options.models.begin(), options.models.end(), std::back_inserter(run.models), model_of);
  }
  if (!options.metrics.empty()) {
    run.metrics = options.metrics;
  }
  run.requirements.insert(run.requirements.end(), options.requirements.begin(), options.requirements.end());
  std::transform(options.reports.begin(), options.reports.end(), std::back_inserter(run.reports), report_of);
}

// ---- what each model is asked

// Who serves a model, where neither it nor the whole run says so.
void resolve_model(Context& context, const schemas::Asking& usual, schemas::RunModel& model) {
  auto& asking = model.asking;
  if (asking.provider || asking.base_url || usual.provider || usual.base_url) {
    return;
  }
  const auto file = context.settings().file().parent_path() / "models.json";
  auto choice = models::parse_model(model.model, models::known_models(file));
  if (choice.provider.empty()) {
    throw Error(ErrorCode::usage,
                "who serves model " + quote(choice.model) + " is not known",
                "write PROVIDER/" + choice.model + ", or " + choice.model + "@BASE_URL for a server of your own");
  }
  model.model = std::move(choice.model);
  asking.provider = std::move(choice.provider);
  asking.base_url = std::move(choice.base_url);
}

schemas::WorkflowCreate body_of(const schemas::RunModel& model, const schemas::Run& run) {
  const auto& asking = model.asking;
  schemas::WorkflowCreate body;
  body.name = model.name;
  body.description = model.description;
  body.metrics = run.metrics;
  body.llm_as_judge = run.llm_as_judge;
  body.job_timeout_sec = asking.job_timeout_sec;
  auto& inference = body.inference;
  inference.model = model.model;
  inference.provider = asking.provider.value_or("");
  inference.base_url = asking.base_url;
  inference.secret_key_name = asking.secret_key_name;
  inference.system_prompt = asking.system_prompt;
  inference.output_field = asking.output_field.value_or(inference.output_field);
  inference.batch_size = asking.batch_size.value_or(inference.batch_size);
  auto& generation = inference.generation_config;
  generation.max_new_tokens = asking.max_new_tokens.value_or(generation.max_new_tokens);
  generation.frequency_penalty = asking.frequency_penalty.value_or(generation.frequency_penalty);
  generation.temperature = asking.temperature.value_or(0);
  generation.top_p = asking.top_p.value_or(1);
  return body;
}

WorkflowOptions
workflow_options(const schemas::RunModel& model, const schemas::Run& run, const RunCommandOptions& options) {
  const auto& asking = model.asking;
  WorkflowOptions workflow;
  workflow.sample_seed = run.sample_seed;
  workflow.job_timeout_sec = options.job_timeout_sec;
  workflow.missing_references = options.missing_references;
  workflow.target = options.target;
  workflow.controls = options.controls;
  auto& target = workflow.target;
  target.seed = target.seed ? target.seed : asking.seed;
  if (!target.prompt_template && !target.prompt_template_file) {
    target.prompt_template = asking.prompt_template;
  }
  std::vector<std::string> parameters;
  for (const auto& [name, json] : asking.parameters) {
    parameters.push_back(name + "=" + json);
  }
  target.parameters.insert(target.parameters.begin(), parameters.begin(), parameters.end());
  for (const auto& [name, value] : asking.headers) {
    target.headers.push_back(name + ": " + value);
  }
  for (const auto& setting : asking.controls) {
    take_control(setting, workflow.controls);
  }
  return workflow;
}

// A number of requests in flight is meant for each endpoint.
void share_endpoints(std::vector<NamedWorkflow>& models) {
  std::map<std::string, std::size_t> users;
  const auto endpoint_of = [](const NamedWorkflow& model) {
    const auto& body = model.workflow.inference.body;
    return body.provider + " " + body.base_url.value_or("");
  };
  for (const auto& model : models) {
    ++users[endpoint_of(model)];
  }
  for (auto& model : models) {
    auto& concurrency = model.workflow.inference.controls.engine.concurrency;
    if (!concurrency.automatic) {
      concurrency.most = std::max<std::size_t>(1, concurrency.most / users[endpoint_of(model)]);
    }
  }
}

std::optional<chat::Price> price_of(const schemas::Run& run, const std::string& model) {
  for (const auto& price : run.prices) {
    if (price.model == model) {
      return chat::Price{price.input, price.output, std::nullopt, "the spec"};
    }
  }
  return std::nullopt;
}

}  // namespace

void bind_run_options(OptionSet& set, RunCommandOptions& options) {
  set.positional("SPEC.yaml", options.spec, "What to run; - for stdin. Flags replace what it says")
      .completes(Completes::file)
      .shows_default("lumi.yaml, unless --dataset is given");
  set.option("--name", "NAME", options.name, "What the run is called; the same name finds it again")
      .shows_default("the name of the file");
  set.option("--description", "TEXT", options.description, "What it is for");
  set.option("--dataset", "DATASET", options.dataset, "A file (- for stdin), or the id of a dataset")
      .completes(Completes::dataset_or_file);
  bind_input_format(set, options.input_format);
  set.repeated("--model", "MODEL", options.models, "[NAME=][PROVIDER/]MODEL[@BASE_URL]; several are compared")
      .completes(Completes::model)
      .synonym("--models");
  set.option("--task", "TASK", options.task, "What the models are to do")
      .choices({"summarization", "translation", "text-generation"})
      .shows_default("summarization");
  set.option("--source-language", "LANGUAGE", options.source_language, "Of a translation");
  set.option("--target-language", "LANGUAGE", options.target_language, "Of a translation");
  set.option("--max-samples", "N", options.max_samples, "Ask about N rows only").shows_default("all");
  set.option("--sample-seed", "N", options.sample_seed, "Take those at random, the same ones for every model")
      .shows_default("the first rows");
  set.list("--metric", "METRIC", options.metrics, "A metric, as name or name(option=value); else those of the task")
      .synonym("--metrics")
      .completes(Completes::metric);
  set.option("--missing-references", "HOW", options.missing_references, "What a blank ground truth does")
      .choices({"refuse", "skip"});
  set.repeated("--require",
               "CONDITION",
               options.requirements,
               "Exit with 9 unless this holds, such as 'rougeL >= 0.3' or 'NAME: cost < 2'");
  set.option("--baseline", "BASELINE", options.baseline, "A results.json, or a name that 'lumi baseline set' gave")
      .completes(Completes::file)
      .shows_default("the first model");
  set.flag("--fail-on-regression", options.fail_on_regression, "Exit with 9 if a model is worse than the baseline");
  set.repeated("--report", "FORMAT=FILE", options.reports, "Write a report, such as html=report.html");
  set.list("--retry", "STATUS", options.retry, "Also ask again about the samples with this status")
      .choices({"error", "refused", "truncated", "empty"});
  set.flag("--fresh", options.fresh, "Start anew: a new experiment, nothing of an earlier run");
  set.flag("--check", options.check, "Only check spec, dataset, columns, prompts, metrics and conditions");
  set.flag("--print-spec", options.print_spec, "Only print what would be run, as a spec");
  set.flag("--dry-run", options.dry_run, "Only say what it would take: rows, tokens, cost; send nothing");
  set.list("--allow-path", "DIR", options.allowed_folders, "Let the spec name files in this folder too")
      .completes(Completes::folder);
  set.option("--job-timeout-sec", "N", options.job_timeout_sec, "Fail a model if one of its jobs takes longer")
      .shows_default("no limit");
  bind_asking_options(set, options.target, {"the task's", "0", "1"});
  bind_run_controls(set, options.controls);
}

schemas::Run run_of(const RunCommandOptions& options, Context& context) {
  const auto file = spec_file(options);
  auto run = file ? read_spec(options, context, *file) : schemas::Run();
  apply_flags(options, run);
  if (run.dataset.empty()) {
    throw Error(ErrorCode::usage,
                "a run needs a dataset",
                "give --dataset, or a spec that has one: 'lumi init FILE' writes such a spec");
  }
  if (run.name.empty()) {
    run.name = is_file_argument(run.dataset) ? std::filesystem::path(filename_of(run.dataset)).stem().string() : "run";
  }
  schemas::check_task_definition(run.task);
  for (auto& model : run.models) {
    resolve_model(context, run.asking, model);
  }
  schemas::complete_models(run.models);
  return run;
}

schemas::ExperimentCreate experiment_of(const schemas::Run& run) {
  schemas::ExperimentCreate experiment;
  experiment.name = run.name;
  experiment.description = run.description;
  experiment.dataset = run.dataset;
  experiment.max_samples = run.max_samples;
  experiment.task_definition = run.task;
  experiment.run = run.name;
  experiment.sample_seed = run.sample_seed;
  return experiment;
}

std::vector<NamedWorkflow> workflows_of(const schemas::Run& run,
                                        const RunCommandOptions& options,
                                        Context& context,
                                        const store::DatasetRecord& dataset) {
  const schemas::ExperimentConfig experiment{run.max_samples, run.task, run.name, run.sample_seed};
  std::vector<NamedWorkflow> models;
  for (auto model : run.models) {
    model.asking = run.asking.with(model.asking);
    const auto flags = workflow_options(model, run, options);
    auto body = body_of(model, run);
    apply(flags, body);
    schemas::check_workflow(body);
    models.push_back({model.name, workflow_of(body, flags, context, experiment, dataset)});
    models.back().workflow.inference.price = price_of(run, model.model);
  }
  share_endpoints(models);
  return models;
}

}  // namespace lumi::cli
