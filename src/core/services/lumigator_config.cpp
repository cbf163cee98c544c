#include "core/services/lumigator_config.hpp"

#include "base/ids.hpp"
#include "base/json_writer.hpp"
#include "core/services/optional_member.hpp"

#include <nlohmann/json.hpp>

namespace lumi::services {

namespace {

using Json = nlohmann::json;

// The member if it is an object, else an empty one.
Json object_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_object() ? Json::object() : *found;
}

// "s3://bucket/datasets/ID/FILENAME"
std::optional<std::string> dataset_id_of(const Json& parameters) {
  constexpr std::string_view k_folder = "/datasets/";
  constexpr std::size_t k_uuid_size = 36;
  const auto path = object_in(parameters, "dataset").value("path", std::string());
  const auto at = path.find(k_folder);
  return at == std::string::npos ? std::nullopt : normalize_uuid(path.substr(at + k_folder.size(), k_uuid_size));
}

schemas::TaskDefinition task_of(const Json& parameters) {
  const auto json = object_in(parameters, "task_definition");
  schemas::TaskDefinition task;
  task.task = json.value("task", task.task);
  task.source_language = optional_member<std::string>(json, "source_language");
  task.target_language = optional_member<std::string>(json, "target_language");
  return task;
}

InferenceJob inference_of(const Json& parameters, const store::JobRecord& row) {
  InferenceJob job;
  auto& body = job.body;
  body = row.type == "annotate" ? schemas::default_annotate_job() : schemas::default_inference_job();
  const auto server = object_in(parameters, "inference_server");
  const auto pipeline = object_in(parameters, "hf_pipeline");
  const auto of_job = object_in(parameters, "job");
  const auto generation = object_in(parameters, "generation_config");
  body.model = server.value("model", pipeline.value("model_name_or_path", std::string()));
  body.provider = server.value("provider", std::string("hf"));
  body.base_url = optional_member<std::string>(server, "base_url");
  body.max_samples = of_job.value("max_samples", body.max_samples);
  body.batch_size = of_job.value("batch_size", body.batch_size);
  body.output_field = optional_member<std::string>(of_job, "output_field").value_or(body.output_field);
  body.system_prompt = optional_member<std::string>(parameters, "system_prompt");
  body.task_definition = task_of(parameters);
  auto& config = body.generation_config;
  config.max_new_tokens = generation.value("max_new_tokens", config.max_new_tokens);
  config.frequency_penalty = generation.value("frequency_penalty", config.frequency_penalty);
  config.temperature = generation.value("temperature", config.temperature);
  config.top_p = generation.value("top_p", config.top_p);
  return job;
}

EvaluatorJob evaluation_of(const Json& parameters) {
  EvaluatorJob job;
  const auto evaluation = object_in(parameters, "evaluation");
  job.request.metrics = evaluation.value("metrics", std::vector<std::string>());
  job.request.max_samples = evaluation.value("max_samples", job.request.max_samples);
  job.request.columns.predictions = parameters.value("predictions_field", job.request.columns.predictions);
  const auto judge = object_in(evaluation, "llm_as_judge");
  if (judge.contains("model_name") && judge.contains("model_base_url")) {
    job.llm_as_judge = schemas::LlmAsJudge{judge.at("model_name"), judge.at("model_base_url")};
  }
  return job;
}

}  // namespace

LumigatorConfig parse_lumigator_parameters(std::string_view parameters_json, const store::JobRecord& job) {
  LumigatorConfig config;
  try {
    const auto parameters = Json::parse(parameters_json);
    config.dataset_id = dataset_id_of(parameters);
    if (parameters.contains("evaluation")) {
      config.evaluation = evaluation_of(parameters);
      config.evaluation->name = job.name;
      config.evaluation->description = job.description;
    } else if (parameters.contains("job")) {
      config.inference = inference_of(parameters, job);
      config.inference->body.name = job.name;
      config.inference->body.description = job.description;
    }
  } catch (const Json::exception&) {  // of another version: it is shown without its configuration
  }
  return config;
}

std::string
config_json_of(const LumigatorConfig& config, const store::JobRecord& job, const store::DatasetRecord* dataset) {
  if (dataset != nullptr && config.inference) {
    return inference_config_json(*config.inference, *dataset);
  }
  if (dataset != nullptr && config.evaluation) {
    return evaluator_config_json(*config.evaluation, *dataset);
  }
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("name", job.name + "/" + job.id);
  for (const auto* key : {"dataset", "max_samples", "model_name_or_path"}) {
    json.member(key, nullptr);
  }
  json.end_object();
  return sink.text();
}

}  // namespace lumi::services
