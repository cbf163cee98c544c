#pragma once
#include "core/services/evaluator_job.hpp"
#include "core/services/inference_job.hpp"
#include "store/records/dataset.hpp"
#include "store/records/job.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lumi::services {

/// What the results of a job of Lumigator tell of its configuration.
struct LumigatorConfig {
  std::optional<std::string> dataset_id;  ///< the one that it read
  std::optional<InferenceJob> inference;  ///< this, or
  std::optional<EvaluatorJob> evaluation;
};

/// Reads `parameters` of a results.json; name, description and type are those of `job`. What cannot be read is left
/// out.
LumigatorConfig parse_lumigator_parameters(std::string_view parameters_json, const store::JobRecord& job);

/// The configuration that the row of such a job keeps.
std::string
config_json_of(const LumigatorConfig& config, const store::JobRecord& job, const store::DatasetRecord* dataset);

}  // namespace lumi::services
