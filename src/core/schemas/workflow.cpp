#include "core/schemas/workflow.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace lumi::schemas {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::int64_t k_default_timeout_s = 3600;

void read_inference(BodyReader& body, InferenceJobCreate& inference) {
  inference.model = body.text("model").value_or("");
  inference.provider = body.text("provider").value_or("");
  inference.secret_key_name = body.text("secret_key_name");
  inference.batch_size = body.integer("batch_size").value_or(inference.batch_size);
  inference.base_url = body.text("base_url");
  inference.system_prompt = body.text("system_prompt");
  if (auto field = body.text("inference_output_field").value_or(""); !field.empty()) {
    inference.output_field = std::move(field);
  }
  if (auto generation = body.object("generation_config")) {
    inference.generation_config = read_generation_config(std::move(*generation), inference.generation_config);
  }
}

// A name and what it stands for, in the order in which they are shown.
struct Named {
  std::string name;
  OrderedJson value;
};

// To three decimals, of the number as it is: multiplying first would round twice.
double rounded(double value) {
  std::array<char, 512> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 3).ptr;
  double number = 0;
  std::from_chars(text.data(), end, number);
  return number;
}

std::vector<Named> metrics_of(const store::JobRecord& job) {
  std::vector<Named> metrics;
  const auto summary = OrderedJson::parse(job.summary_json.value_or("{}"), nullptr, false);
  if (!summary.is_object() || !summary.contains("metrics")) {
    return metrics;
  }
  for (const auto& [name, value] : summary.at("metrics").items()) {
    if (value.is_number()) {
      metrics.push_back({name, value});
    } else if (value.is_object()) {
      for (const auto& [part, number] : value.items()) {
        if (number.is_number()) {
          metrics.push_back({join({name, part}, "_"), rounded(number.get<double>())});
        }
      }
    }
  }
  return metrics;
}

const char* kind_of(const store::JobRecord& job) { return job.type == "evaluator" ? "evaluation" : "inference"; }

std::vector<Named> parameters_of(const store::JobRecord& job) {
  std::vector<Named> parameters;
  if (job.result_key) {
    const auto url = job.storage_url.value_or("");
    const auto separator = url.ends_with(':') || url.ends_with('/') ? "" : "/";
    parameters.push_back({job.type == "evaluator" ? "eval_output_s3_path" : "inference_output_s3_path",
                          url + separator + *job.result_key});
  }
  parameters.push_back({"ray_job_id", job.id});
  return parameters;
}

// Without those that a newer one has taken the place of: an evaluation that has a name stays beside the next.
std::vector<const store::JobRecord*> newest_of_each_type(const std::vector<store::JobRecord>& jobs) {
  std::vector<const store::JobRecord*> newest;
  for (const auto& job : jobs) {
    if (std::none_of(newest.begin(), newest.end(), [&](const auto* other) { return other->type == job.type; })) {
      newest.push_back(&job);
    }
  }
  return newest;
}

OrderedJson list_of(const std::vector<Named>& all) {
  auto list = OrderedJson::array();
  for (const auto& [name, value] : all) {
    list.push_back({{"name", name}, {"value", value}});
  }
  return list;
}

}  // namespace

WorkflowCreate parse_workflow(std::string_view json, const std::string& name) {
  auto body = BodyReader::parse(json, name);
  WorkflowCreate workflow;
  workflow.name = body.text("name").value_or("");
  workflow.description = body.text("description").value_or("");
  workflow.experiment_id = body.text("experiment_id").value_or("");
  workflow.job_timeout_sec = body.integer("job_timeout_sec").value_or(k_default_timeout_s);
  read_inference(body, workflow.inference);
  workflow.has_config_template = body.json("config_template").has_value();
  if (auto metrics = body.texts("metrics")) {
    workflow.metrics = std::move(*metrics);  // none: the task's default metrics, as in Lumigator
  }
  workflow.llm_as_judge = read_judge(body);
  body.finish();
  return workflow;
}

void check_workflow(const WorkflowCreate& body) {
  if (trim(body.name).empty()) {
    throw Error(ErrorCode::invalid_input, "a workflow needs a name", "give --name, or a body with -f that has one");
  }
  if (body.job_timeout_sec && *body.job_timeout_sec < 1) {
    throw Error(ErrorCode::invalid_input,
                "job_timeout_sec " + std::to_string(*body.job_timeout_sec) + " is not above 0");
  }
  if (body.inference.output_field == "ground_truth") {
    throw Error(ErrorCode::invalid_input,
                "the output field of a workflow cannot be \"ground_truth\": the predictions are compared with it");
  }
}

std::string workflow_jobs_json(const std::vector<store::JobRecord>& jobs) {
  auto list = OrderedJson::array();
  for (const auto& job : jobs) {
    list.push_back({{"id", job.id},
                    {"metrics", list_of(metrics_of(job))},
                    {"parameters", list_of(parameters_of(job))},
                    {"metric_url", ""},
                    {"artifact_url", ""}});
  }
  return list.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string workflow_metrics_json(const std::vector<store::JobRecord>& jobs) {
  auto metrics = OrderedJson::object();
  for (const auto* job : newest_of_each_type(jobs)) {
    for (auto& [name, value] : metrics_of(*job)) {
      metrics[name] = value;
    }
  }
  return metrics.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string workflow_parameters_json(const std::vector<store::JobRecord>& jobs) {
  auto parameters = OrderedJson::object();
  for (const auto* job : newest_of_each_type(jobs)) {
    for (auto& [name, value] : parameters_of(*job)) {
      if (parameters.contains(name)) {
        parameters[std::string(kind_of(*job)) + "_" + name] = value;
      }
      parameters[name] = value;
    }
  }
  return parameters.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace lumi::schemas
