#include "core/services/inference_job.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "core/services/damaged_config.hpp"
#include "core/services/inference_worker.hpp"
#include "core/services/optional_member.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace lumi::services {

namespace {

using Json = nlohmann::json;
using inference::CacheUse;

constexpr std::string_view k_cache_uses[] = {"auto", "always", "never"};

void write_pipeline(JsonWriter& json, const schemas::PipelineOptions& pipeline) {
  json.member("accelerator", pipeline.accelerator);
  json.member("revision", pipeline.revision);
  json.member("use_fast", pipeline.use_fast);
  json.member("trust_remote_code", pipeline.trust_remote_code);
  json.member("torch_dtype", pipeline.torch_dtype);
}

void write_job_config(JsonWriter& json, const schemas::InferenceJobCreate& body) {
  json.begin_object();
  json.member("job_type", body.job_type);
  json.member("model", body.model);
  json.member("provider", body.provider);
  json.key("task_definition");
  schemas::write_task_definition(json, body.task_definition);
  write_pipeline(json, body.pipeline);
  json.member("base_url", body.base_url);
  json.member("output_field", body.output_field);
  json.key("generation_config");
  schemas::write_generation_config(json, body.generation_config);
  json.member("store_to_dataset", body.store_to_dataset);
  json.member("system_prompt", body.system_prompt);
  json.member("secret_key_name", body.secret_key_name);
  json.end_object();
}

template <class Duration>
std::optional<std::int64_t> count_of(const std::optional<Duration>& duration) {
  return duration ? std::optional<std::int64_t>(duration->count()) : std::nullopt;
}

std::optional<std::string> text_of(const std::filesystem::path& path) {
  return path.empty() ? std::nullopt : std::optional(path.string());
}

void write_controls(JsonWriter& json, const inference::RunControls& controls) {
  const auto& engine = controls.engine;
  json.begin_object();
  json.member("concurrency", engine.concurrency.most);
  json.member("automatic_concurrency", engine.concurrency.automatic);
  json.member("max_retries", engine.max_retries);
  json.member("timeout_ms", count_of(engine.timeout));
  json.member("max_cost", engine.max_cost);
  json.member("max_total_tokens", engine.max_total_tokens);
  json.member("fail_fast", engine.fail_fast == inference::FailFast::yes);
  json.member("rpm", controls.rates.requests_per_minute);
  json.member("tpm", controls.rates.tokens_per_minute);
  json.member("cache", k_cache_uses[static_cast<std::size_t>(controls.cache)]);
  json.member("stream", controls.delivery == chat::Delivery::stream);
  json.member("request_timeout_ms", controls.request_timeout.count());
  json.member("record", text_of(controls.record));
  json.member("replay", text_of(controls.replay));
  json.end_object();
}

// What is lumi's own in a job's configuration.
void write_lumi_config(JsonWriter& json, const InferenceJob& job) {
  json.begin_object();
  json.member("prompt_template", job.prompt_template);
  json.member("sample_seed", job.sample_seed);
  json.member("seed", job.seed);
  json.key("parameters");
  json.begin_object();
  for (const auto& parameter : job.parameters) {
    json.key(parameter.name);
    json.raw(parameter.json);
  }
  json.end_object();
  json.key("headers");
  json.begin_object();
  for (const auto& header : job.headers) {
    json.member(header.name, header.value);
  }
  json.end_object();
  json.key("allowed_hosts");
  json.begin_array();
  for (const auto& host : job.allowed_hosts) {
    json.value(host);
  }
  json.end_array();
  json.member("allow_plaintext", job.plaintext == chat::Plaintext::allow);
  if (job.price) {
    json.key("price");
    json.begin_object();
    json.member("input", job.price->input);
    json.member("output", job.price->output);
    json.member("origin", job.price->origin);
    json.end_object();
  }
  if (job.answers_dataset) {
    json.key("answers_dataset");
    json.begin_object();
    json.member("filename", job.answers_dataset->filename);
    json.member("generated", job.answers_dataset->generated);
    json.end_object();
  }
  json.key("controls");
  write_controls(json, job.controls);
  json.end_object();
}

// Lumigator's configuration has either a server or a pipeline.
void write_server(JsonWriter& json, const InferenceJob& job) {
  if (uses_worker(job)) {
    return json.value(nullptr);
  }
  json.begin_object();
  json.member("base_url", job.body.base_url);
  json.member("model", job.body.model);
  json.member("provider", job.body.provider);
  json.member("max_retries", job.controls.engine.max_retries);
  json.end_object();
}

void write_hf_pipeline(JsonWriter& json, const InferenceJob& job) {
  if (!uses_worker(job)) {
    return json.value(nullptr);
  }
  json.begin_object();
  json.member("model_name_or_path", job.body.model);
  json.member("task", job.body.task_definition.task);
  write_pipeline(json, job.body.pipeline);
  json.member("max_new_tokens", job.body.generation_config.max_new_tokens);
  json.end_object();
}

schemas::GenerationConfig read_generation(const Json& json) {
  schemas::GenerationConfig config;
  config.max_new_tokens = json.at("max_new_tokens").get<std::int64_t>();
  config.frequency_penalty = json.at("frequency_penalty").get<double>();
  config.temperature = json.at("temperature").get<double>();
  config.top_p = json.at("top_p").get<double>();
  return config;
}

void read_job_config(const Json& json, schemas::InferenceJobCreate& body) {
  body.job_type = json.at("job_type").get<std::string>();
  body.model = json.at("model").get<std::string>();
  body.provider = json.at("provider").get<std::string>();
  const auto& task = json.at("task_definition");
  body.task_definition.task = task.at("task").get<std::string>();
  body.task_definition.source_language = optional_member<std::string>(task, "source_language");
  body.task_definition.target_language = optional_member<std::string>(task, "target_language");
  body.pipeline = {json.at("accelerator").get<std::string>(),
                   json.at("revision").get<std::string>(),
                   json.at("use_fast").get<bool>(),
                   json.at("trust_remote_code").get<bool>(),
                   json.at("torch_dtype").get<std::string>()};
  body.base_url = optional_member<std::string>(json, "base_url");
  body.output_field = json.at("output_field").get<std::string>();
  body.generation_config = read_generation(json.at("generation_config"));
  body.store_to_dataset = json.at("store_to_dataset").get<bool>();
  body.system_prompt = optional_member<std::string>(json, "system_prompt");
  body.secret_key_name = optional_member<std::string>(json, "secret_key_name");
}

inference::RunControls read_controls(const Json& json) {
  inference::RunControls controls;
  auto& engine = controls.engine;
  engine.concurrency = {json.at("concurrency").get<std::size_t>(), json.at("automatic_concurrency").get<bool>()};
  engine.max_retries = json.at("max_retries").get<std::int64_t>();
  if (const auto timeout = optional_member<std::int64_t>(json, "timeout_ms")) {
    engine.timeout = std::chrono::milliseconds(*timeout);
  }
  engine.max_cost = optional_member<double>(json, "max_cost");
  engine.max_total_tokens = optional_member<std::int64_t>(json, "max_total_tokens");
  engine.fail_fast = json.at("fail_fast").get<bool>() ? inference::FailFast::yes : inference::FailFast::no;
  controls.rates = {optional_member<std::int64_t>(json, "rpm"), optional_member<std::int64_t>(json, "tpm")};
  const auto cache = json.at("cache").get<std::string>();
  controls.cache = cache == "always" ? CacheUse::always : cache == "never" ? CacheUse::never : CacheUse::automatic;
  controls.delivery = json.at("stream").get<bool>() ? chat::Delivery::stream : chat::Delivery::whole;
  controls.request_timeout = std::chrono::milliseconds(json.at("request_timeout_ms").get<std::int64_t>());
  controls.record = optional_member<std::string>(json, "record").value_or("");
  controls.replay = optional_member<std::string>(json, "replay").value_or("");
  return controls;
}

void read_lumi_config(const Json& json, InferenceJob& job) {
  job.prompt_template = json.at("prompt_template").get<std::string>();
  job.sample_seed = optional_member<std::int64_t>(json, "sample_seed");
  job.seed = optional_member<std::int64_t>(json, "seed");
  for (const auto& [name, value] : json.at("parameters").items()) {
    job.parameters.push_back({name, value.dump()});
  }
  for (const auto& [name, value] : json.at("headers").items()) {
    job.headers.push_back({name, value.get<std::string>()});
  }
  job.allowed_hosts = json.at("allowed_hosts").get<std::vector<std::string>>();
  job.plaintext = json.at("allow_plaintext").get<bool>() ? chat::Plaintext::allow : chat::Plaintext::refuse;
  job.controls = read_controls(json.at("controls"));
  if (const auto price = json.find("price"); price != json.end()) {
    job.price = chat::Price{price->at("input").get<double>(),
                            price->at("output").get<double>(),
                            {},
                            price->at("origin").get<std::string>()};
  }
  if (const auto dataset = json.find("answers_dataset"); dataset != json.end()) {
    job.answers_dataset =
        AnswersDataset{dataset->at("filename").get<std::string>(), dataset->at("generated").get<bool>()};
  }
}

InferenceJob read_inference_config(const Json& config) {
  InferenceJob job;
  job.body.name = config.at("name").get<std::string>();
  job.body.description = config.at("description").get<std::string>();
  job.body.dataset = config.at("dataset").at("id").get<std::string>();
  job.body.max_samples = config.at("max_samples").get<std::int64_t>();
  job.body.batch_size = config.at("batch_size").get<std::int64_t>();
  read_job_config(config.at("job_config"), job.body);
  read_lumi_config(config.at("lumi"), job);
  return job;
}

}  // namespace

std::string default_inference_name(const schemas::InferenceJobCreate& body, std::string_view filename) {
  return body.job_type + " " + std::string(filename);
}

std::string inference_config_json(const InferenceJob& job, const store::DatasetRecord& dataset) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("name", job.body.name);
  json.member("description", job.body.description);
  json.key("dataset");
  json.begin_object();
  json.member("id", dataset.id);
  json.member("name", dataset.filename);
  json.end_object();
  json.member("max_samples", job.body.max_samples);
  json.member("batch_size", job.body.batch_size);
  json.member("model_name_or_path", job.body.model);
  json.key("job_config");
  write_job_config(json, job.body);
  json.key("lumi");
  write_lumi_config(json, job);
  json.end_object();
  return sink.text();
}

InferenceJob parse_inference_config(std::string_view config_json) {
  try {
    return read_inference_config(Json::parse(config_json));
  } catch (const Json::exception& error) {
    throw damaged_config("a job", error);
  }
}

std::string inference_parameters_json(const InferenceJob& job, const ParameterPlaces& places) {
  const auto& body = job.body;
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("name", body.name + "/" + std::string(places.job_id));
  json.key("dataset");
  json.begin_object();
  json.member("path", places.dataset);
  json.end_object();
  json.key("job");
  json.begin_object();
  json.member("max_samples", body.max_samples);
  json.member("batch_size", body.batch_size);
  json.member("storage_path", places.storage);
  json.member("output_field", body.output_field);
  json.member("enable_tqdm", true);
  json.end_object();
  json.member("system_prompt", body.system_prompt);
  json.key("inference_server");
  write_server(json, job);
  json.key("generation_config");
  schemas::write_generation_config(json, body.generation_config);
  json.key("hf_pipeline");
  write_hf_pipeline(json, job);
  json.key("task_definition");
  schemas::write_task_definition(json, body.task_definition);
  json.end_object();
  return sink.text();
}

}  // namespace lumi::services
