#include "core/schemas/experiment.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace lumi::schemas {

ExperimentCreate parse_experiment(std::string_view json, const std::string& name) {
  auto body = BodyReader::parse(json, name);
  ExperimentCreate experiment;
  experiment.name = body.text("name").value_or("");
  experiment.description = body.text("description").value_or("");
  experiment.dataset = body.text("dataset").value_or("");
  experiment.max_samples = body.integer("max_samples").value_or(experiment.max_samples);
  if (auto task = body.object("task_definition")) {
    experiment.task_definition = read_task_definition(std::move(*task));
  }
  body.finish();
  return experiment;
}

void check_experiment(const ExperimentCreate& body) {
  if (trim(body.name).empty()) {
    throw Error(ErrorCode::invalid_input, "an experiment needs a name", "give --name, or a body with -f that has one");
  }
  if (body.dataset.empty()) {
    throw Error(
        ErrorCode::invalid_input, "an experiment needs a dataset", "give --dataset, or a body with -f that has one");
  }
  check_task_definition(body.task_definition);
}

std::string experiment_config_json(const ExperimentConfig& config) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("max_samples", config.max_samples);
  json.key("task_definition");
  write_task_definition(json, config.task_definition);
  if (config.run) {
    json.member("run", config.run);
    json.member("sample_seed", config.sample_seed);
  }
  json.end_object();
  return sink.text();
}

ExperimentConfig parse_experiment_config(std::string_view json) {
  try {
    auto body = BodyReader::parse(json, "an experiment's configuration");
    ExperimentConfig config;
    config.max_samples = body.integer("max_samples").value_or(config.max_samples);
    if (auto task = body.object("task_definition")) {
      config.task_definition = read_task_definition(std::move(*task));
    }
    config.run = body.text("run");
    config.sample_seed = body.integer("sample_seed");
    return config;
  } catch (const Error& error) {
    throw Error(ErrorCode::storage, error.what(), "'lumi doctor' checks the store");
  }
}

}  // namespace lumi::schemas
