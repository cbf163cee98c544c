#include "core/schemas/inference_job.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace lumi::schemas {

namespace {

constexpr std::string_view k_annotate = "annotate";

// Reads a member into `into`, which keeps its default without one.
template <class Value>
void take(std::optional<Value> value, Value& into) {
  if (value) {
    into = std::move(*value);
  }
}

template <class Value>
void take(std::optional<Value> value, std::optional<Value>& into) {
  if (value) {
    into = std::move(value);
  }
}

void read_pipeline(BodyReader& config, PipelineOptions& pipeline) {
  take(config.text("accelerator"), pipeline.accelerator);
  take(config.text("revision"), pipeline.revision);
  take(config.flag("use_fast"), pipeline.use_fast);
  take(config.flag("trust_remote_code"), pipeline.trust_remote_code);
  take(config.text("torch_dtype"), pipeline.torch_dtype);
}

// What an annotation writes is fixed: a body may say the same, and nothing else. An empty name is none.
void read_output(BodyReader& config, InferenceJobCreate& job) {
  take(config.flag("store_to_dataset"), job.store_to_dataset);
  const auto field = config.text("output_field").value_or("");
  if (field.empty() || field == job.output_field) {
    return;
  }
  if (job.job_type == k_annotate) {
    config.refuse("output_field", "is " + quote(field) + ", but an annotation writes \"ground_truth\"");
  }
  job.output_field = field;
}

void read_config(BodyReader config, InferenceJobCreate& job) {
  if (const auto type = config.text("job_type"); type && *type != job.job_type) {
    config.refuse("job_type",
                  "is " + quote(*type) + ", but this is an " + job.job_type + " job",
                  "write \"" + job.job_type + "\" or nothing");
  }
  take(config.text("model"), job.model);
  take(config.text("provider"), job.provider);
  if (auto task = config.object("task_definition")) {
    job.task_definition = read_task_definition(std::move(*task));
  }
  read_pipeline(config, job.pipeline);
  take(config.text("base_url"), job.base_url);
  read_output(config, job);
  if (auto generation = config.object("generation_config")) {
    job.generation_config = read_generation_config(std::move(*generation), job.generation_config);
  }
  take(config.text("system_prompt"), job.system_prompt);
  take(config.text("secret_key_name"), job.secret_key_name);
  config.finish();
}

InferenceJobCreate read_job(std::string_view json, const std::string& name, InferenceJobCreate job) {
  auto body = BodyReader::parse(json, name);
  take(body.text("name"), job.name);
  take(body.text("description"), job.description);
  take(body.text("dataset"), job.dataset);
  take(body.integer("max_samples"), job.max_samples);
  take(body.integer("batch_size"), job.batch_size);
  if (job.batch_size < 1) {
    body.refuse("batch_size", "needs a number above 0, not " + std::to_string(job.batch_size));
  }
  if (auto config = body.object("job_config")) {
    read_config(std::move(*config), job);
  }
  body.finish();
  return job;
}

}  // namespace

InferenceJobCreate default_inference_job() { return {}; }

InferenceJobCreate default_annotate_job() {
  InferenceJobCreate job;
  job.job_type = k_annotate;
  job.model = "facebook/bart-large-cnn";
  job.provider = "hf";
  job.output_field = "ground_truth";
  job.store_to_dataset = true;
  return job;
}

InferenceJobCreate parse_inference_job(std::string_view json, const std::string& name) {
  return read_job(json, name, default_inference_job());
}

InferenceJobCreate parse_annotate_job(std::string_view json, const std::string& name) {
  return read_job(json, name, default_annotate_job());
}

void check_inference_job(const InferenceJobCreate& body) {
  if (body.model.empty()) {
    throw Error(ErrorCode::invalid_input, "no model is named", "give --model");
  }
  if (body.provider.empty()) {
    throw Error(ErrorCode::invalid_input,
                "no provider is named",
                "give --provider: \"openai\", \"hosted_vllm\" for a server of your own, …");
  }
  if (body.batch_size < 1) {
    throw Error(ErrorCode::invalid_input, "batch size " + std::to_string(body.batch_size) + " is not above 0");
  }
  if (trim(body.output_field).empty() || body.output_field == "examples") {
    throw Error(ErrorCode::invalid_input, "the output field cannot be " + quote(body.output_field));
  }
  check_task_definition(body.task_definition);
  check_generation_config(body.generation_config);
}

}  // namespace lumi::schemas
