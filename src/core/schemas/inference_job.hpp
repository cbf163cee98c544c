#pragma once
#include "core/schemas/generation_config.hpp"
#include "core/schemas/task_definition.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::schemas {

/// What only a Hugging Face model on this machine reads.
struct PipelineOptions {
  std::string accelerator = "auto";
  std::string revision = "main";
  bool use_fast = true;
  bool trust_remote_code = false;
  std::string torch_dtype = "auto";
  bool operator==(const PipelineOptions&) const = default;
};

/// JobCreate with an inference's or annotation's job_config. Name, dataset, model and provider may be empty, and the
/// languages of a translation absent: flags may give them.
struct InferenceJobCreate {
  std::string job_type = "inference";  ///< or "annotate"
  std::string name;
  std::string description;
  std::string dataset;
  std::int64_t max_samples = -1;
  std::int64_t batch_size = 1;
  TaskDefinition task_definition;
  std::string model;
  std::string provider;
  std::optional<std::string> base_url;
  std::string output_field = "predictions";
  GenerationConfig generation_config;
  bool store_to_dataset = false;
  std::optional<std::string> system_prompt;
  std::optional<std::string> secret_key_name;
  PipelineOptions pipeline;
};

/// What a body of POST /jobs/inference leaves out.
InferenceJobCreate default_inference_job();

/// What a body of POST /jobs/annotate leaves out, and what it cannot change: an inference whose output_field is
/// "ground_truth" and which makes a dataset.
InferenceJobCreate default_annotate_job();

/// Reads a body of POST /jobs/inference. `name` is the file's in messages. Throws `invalid_input` with line (syntax) or
/// JSON pointer (content).
InferenceJobCreate parse_inference_job(std::string_view json, const std::string& name);

/// Reads a body of POST /jobs/annotate, as parse_inference_job.
InferenceJobCreate parse_annotate_job(std::string_view json, const std::string& name);

/// Throws `invalid_input` for values out of range, a missing model or provider, an output_field that is an input, and
/// an incomplete task definition, once flags are merged in.
void check_inference_job(const InferenceJobCreate& body);

}  // namespace lumi::schemas
