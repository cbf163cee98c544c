#include "core/services/shown_config.hpp"

#include "base/error.hpp"
#include "core/schemas/job.hpp"
#include "core/services/evaluator_job.hpp"
#include "core/services/inference_job.hpp"
#include "core/services/job_inputs.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace lumi::services {

namespace {

using OrderedJson = nlohmann::ordered_json;

std::string worker_config(const store::JobRecord& job) {
  const auto key = job.result_key.value_or(results_key(job.name, job.id));
  const auto place = job.storage_url ? object_url(*job.storage_url, key) : key;
  const ParameterPlaces places{job.id, {}, place};
  return job.type == "evaluator" ? evaluator_parameters_json(parse_evaluator_config(job.config_json), places)
                                 : inference_parameters_json(parse_inference_config(job.config_json), places);
}

std::string joined_config(const store::JobRecord& job) {
  const auto kept = OrderedJson::parse(job.config_json);
  auto shown = OrderedJson::parse(worker_config(job));
  for (const auto* key : std::array{"dataset", "max_samples", "model_name_or_path"}) {
    shown[key] = kept.at(key);
  }
  for (const auto& [key, value] : kept.items()) {
    if (!shown.contains(key)) {
      shown[key] = value;
    }
  }
  return shown.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace

std::string shown_config(const store::JobRecord& job) {
  try {
    return schemas::redacted_config(joined_config(job));
  } catch (const Error&) {
  } catch (const OrderedJson::exception&) {
  }
  return schemas::redacted_config(job.config_json);
}

}  // namespace lumi::services
