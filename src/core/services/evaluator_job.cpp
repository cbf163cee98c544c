#include "core/services/evaluator_job.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "core/metrics/text/python_text.hpp"
#include "core/services/damaged_config.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lumi::services {

namespace {

using Json = nlohmann::json;
using evaluation::EmptyPredictions;
using evaluation::MissingReferences;

constexpr std::size_t k_longest_name_part = 200;

void write_texts(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const auto& text : texts) {
    json.value(text);
  }
  json.end_array();
}

void write_judge(JsonWriter& json, const std::optional<schemas::LlmAsJudge>& judge) {
  if (!judge) {
    json.value(nullptr);
    return;
  }
  json.begin_object();
  json.member("model_name", judge->model_name);
  json.member("model_base_url", judge->model_base_url);
  json.end_object();
}

// The names of the metrics as Lumigator's configuration lists them: those asked for, else the task's default ones.
std::vector<std::string> metric_names(const EvaluatorJob& job) {
  if (!job.request.metrics.empty()) {
    return job.request.metrics;
  }
  const auto defaults = schemas::default_metrics(job.task_definition.task);
  return {defaults.begin(), defaults.end()};
}

void write_job_config(JsonWriter& json, const EvaluatorJob& job) {
  json.begin_object();
  json.member("job_type", "evaluator");
  json.key("task_definition");
  schemas::write_task_definition(json, job.task_definition);
  json.key("metrics");
  write_texts(json, metric_names(job));
  json.key("llm_as_judge");
  write_judge(json, job.llm_as_judge);
  json.member("secret_key_name", job.secret_key_name);
  json.end_object();
}

// What is lumi's own in a job's configuration.
void write_lumi_config(JsonWriter& json, const evaluation::Request& request) {
  json.begin_object();
  json.key("metrics");
  write_texts(json, request.metrics);
  json.key("columns");
  json.begin_object();
  json.member("predictions", request.columns.predictions);
  json.member("ground_truth", request.columns.ground_truth);
  json.member("source", request.columns.source);
  json.key("map");
  json.begin_object();
  for (const auto& [ours, theirs] : request.columns.map) {
    json.member(ours, theirs);
  }
  json.end_object();
  json.end_object();
  json.member("empty_predictions", request.empty_predictions == EmptyPredictions::score ? "score" : "missing");
  json.member("missing_references", request.missing_references == MissingReferences::refuse ? "refuse" : "skip");
  json.key("requirements");
  write_texts(json, request.requirements);
  json.member("threads", request.threads);
  json.member("max_memory", request.max_memory);
  json.end_object();
}

void read_evaluator_lumi_config(const Json& lumi, evaluation::Request& request) {
  request.metrics = lumi.at("metrics").get<std::vector<std::string>>();
  const auto& columns = lumi.at("columns");
  request.columns.predictions = columns.at("predictions").get<std::string>();
  request.columns.ground_truth = columns.at("ground_truth").get<std::string>();
  request.columns.source = columns.at("source").get<std::string>();
  for (const auto& [ours, theirs] : columns.at("map").items()) {
    request.columns.map.emplace_back(ours, theirs.get<std::string>());
  }
  request.empty_predictions =
      lumi.at("empty_predictions") == "missing" ? EmptyPredictions::missing : EmptyPredictions::score;
  request.missing_references =
      lumi.at("missing_references") == "skip" ? MissingReferences::skip : MissingReferences::refuse;
  request.requirements = lumi.at("requirements").get<std::vector<std::string>>();
  request.threads = lumi.at("threads").get<unsigned>();
  request.max_memory = lumi.at("max_memory").get<std::uint64_t>();
}

std::optional<std::string> optional_text(const Json& object, const char* key) {
  const auto& value = object.at(key);
  return value.is_null() ? std::nullopt : std::optional(value.get<std::string>());
}

EvaluatorJob read_evaluator_config(const Json& config) {
  EvaluatorJob job;
  job.name = config.at("name").get<std::string>();
  job.description = config.at("description").get<std::string>();
  job.batch_size = config.at("batch_size").get<std::int64_t>();
  job.request.max_samples = config.at("max_samples").get<std::int64_t>();
  const auto& specific = config.at("job_config");
  const auto& task = specific.at("task_definition");
  job.task_definition.task = task.at("task").get<std::string>();
  if (task.contains("source_language")) {
    job.task_definition.source_language = task.at("source_language").get<std::string>();
    job.task_definition.target_language = task.at("target_language").get<std::string>();
  }
  if (const auto& judge = specific.at("llm_as_judge"); !judge.is_null()) {
    job.llm_as_judge = schemas::LlmAsJudge{judge.at("model_name"), judge.at("model_base_url")};
  }
  job.secret_key_name = optional_text(specific, "secret_key_name");
  job.request.task = job.task_definition.task;
  read_evaluator_lumi_config(config.at("lumi"), job.request);
  return job;
}

}  // namespace

EvaluatorJob to_evaluator_job(const schemas::EvaluatorJobCreate& body) {
  EvaluatorJob job;
  job.name = body.name;
  job.description = body.description;
  job.batch_size = body.batch_size;
  job.task_definition = body.task_definition;
  job.llm_as_judge = body.llm_as_judge;
  job.secret_key_name = body.secret_key_name;
  job.request.metrics = body.metrics;
  job.request.task = body.task_definition.task;
  job.request.max_samples = body.max_samples;
  return job;
}

std::string default_job_name(std::string_view filename) { return "evaluate " + std::string(filename); }

std::string results_key(std::string_view job_name, std::string_view job_id) {
  std::string name;
  for (std::size_t position = 0; position < job_name.size() && name.size() < k_longest_name_part;) {
    const auto code_point = next_code_point(job_name, position);
    if (metrics::python::is_word(code_point) || code_point == U'.' || code_point == U'-') {
      append_utf8(name, code_point);
    } else {
      name += '-';
    }
  }
  // "." and ".." are no names of their own.
  if (name.find_first_not_of('.') == std::string::npos) {
    name.assign(std::max<std::size_t>(1, name.size()), '-');
  }
  return "jobs/results/" + name + "/" + std::string(job_id) + "/results.json";
}

std::string evaluator_config_json(const EvaluatorJob& job, const store::DatasetRecord& dataset) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("name", job.name);
  json.member("description", job.description);
  json.key("dataset");
  json.begin_object();
  json.member("id", dataset.id);
  json.member("name", dataset.filename);
  json.end_object();
  json.member("max_samples", job.request.max_samples);
  json.member("batch_size", job.batch_size);
  json.member("model_name_or_path", nullptr);
  json.key("job_config");
  write_job_config(json, job);
  json.key("lumi");
  write_lumi_config(json, job.request);
  json.end_object();
  return sink.text();
}

EvaluatorJob parse_evaluator_config(std::string_view config_json) {
  try {
    return read_evaluator_config(Json::parse(config_json));
  } catch (const Json::exception& error) {
    throw damaged_config("a job", error);
  }
}

std::string evaluator_parameters_json(const EvaluatorJob& job, const ParameterPlaces& places) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("name", places.job_id.empty() ? job.name : job.name + "/" + std::string(places.job_id));
  json.key("dataset");
  json.begin_object();
  json.member("path", places.dataset);
  json.end_object();
  json.key("evaluation");
  json.begin_object();
  json.key("metrics");
  write_texts(json, metric_names(job));
  json.key("llm_as_judge");
  write_judge(json, job.llm_as_judge);
  json.member("max_samples", job.request.max_samples);
  json.member("return_input_data", true);
  json.member("return_predictions", true);
  json.member("storage_path", places.storage);
  json.end_object();
  json.member("predictions_field", job.request.columns.predictions);
  json.end_object();
  return sink.text();
}

}  // namespace lumi::services
