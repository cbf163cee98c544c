#pragma once
#include "core/chat/chat_request.hpp"
#include "core/chat/cost.hpp"
#include "core/chat/prompt_template.hpp"
#include "core/inference/run_controls.hpp"
#include "core/schemas/inference_job.hpp"
#include "core/services/evaluator_job.hpp"
#include "store/records/dataset.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// The dataset that a job makes of its answers, where it is not the usual one.
struct AnswersDataset {
  std::string filename;
  bool generated = true;  ///< whether a model wrote the ground truth
  bool operator==(const AnswersDataset&) const = default;
};

/// Everything about an inference or annotate job that its configuration says.
struct InferenceJob {
  schemas::InferenceJobCreate body;  ///< name empty: default_inference_name
  std::string prompt_template = std::string(chat::PromptTemplate::k_default);
  std::optional<std::int64_t> sample_seed;
  std::optional<std::int64_t> seed;
  std::vector<chat::Parameter> parameters;
  std::vector<net::HttpHeader> headers;  ///< never one that carries a key
  std::vector<std::string> allowed_hosts;
  chat::Plaintext plaintext = chat::Plaintext::refuse;
  inference::RunControls controls;
  std::optional<chat::Price> price;               ///< nothing: that of the price table
  std::optional<AnswersDataset> answers_dataset;  ///< made whether or not the body asks for one
};

/// A job's name where none is given: `inference FILENAME`, `annotate FILENAME`.
std::string default_inference_name(const schemas::InferenceJobCreate& body, std::string_view filename);

/// The configuration that the job's row keeps and `job get` shows.
std::string inference_config_json(const InferenceJob& job, const store::DatasetRecord& dataset);

/// The job that a row's configuration describes. Throws `storage` for one that is damaged.
InferenceJob parse_inference_config(std::string_view config_json);

/// What results.json echoes as `parameters`.
std::string inference_parameters_json(const InferenceJob& job, const ParameterPlaces& places);

}  // namespace lumi::services
