#include "core/services/workflow_config.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "core/services/damaged_config.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lumi::services {

std::string default_system_prompt(const schemas::TaskDefinition& task) {
  if (task.task == "summarization") {
    return "Summarize the text that the user gives you. Keep to what it says, and write two sentences at the most.";
  }
  if (task.task == "translation") {
    return "Translate the text that the user gives you from " + task.source_language.value_or("") + " to " +
           task.target_language.value_or("") + ". Answer with the translation alone.";
  }
  throw Error(ErrorCode::invalid_input,
              "Default system_prompt not available for " + task.task,
              "give one with --system-prompt or in the body");
}

std::string predictions_filename(std::string_view filename, std::string_view model) {
  const auto name = filename.substr(filename.rfind('/') + 1);
  auto file = std::string(name.substr(0, name.rfind('.'))) + "-" + std::string(model);
  std::replace(file.begin(), file.end(), '/', '-');
  return file + "-predictions.csv";
}

std::string workflow_config_json(const Workflow& workflow, const store::DatasetRecord& dataset) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("job_timeout_sec", workflow.job_timeout_sec);
  json.key("inference");
  json.raw(inference_config_json(workflow.inference, dataset));
  json.key("evaluation");
  json.raw(evaluator_config_json(workflow.evaluation, dataset));
  json.end_object();
  return sink.text();
}

Workflow parse_workflow_config(std::string_view config_json) {
  using Json = nlohmann::json;
  try {
    const auto config = Json::parse(config_json);
    Workflow workflow;
    if (const auto& timeout = config.at("job_timeout_sec"); !timeout.is_null()) {
      workflow.job_timeout_sec = timeout.get<std::int64_t>();
    }
    workflow.inference = parse_inference_config(config.at("inference").dump());
    workflow.evaluation = parse_evaluator_config(config.at("evaluation").dump());
    return workflow;
  } catch (const Json::exception& error) {
    throw damaged_config("a workflow", error);
  }
}

}  // namespace lumi::services
