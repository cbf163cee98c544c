#include "core/schemas/job.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <string_view>

namespace lumi::schemas {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::string_view k_evaluator = "evaluator";

void read_evaluator_config(BodyReader config, EvaluatorJobCreate& job) {
  if (const auto type = config.text("job_type"); type && *type != k_evaluator) {
    config.refuse(
        "job_type", "is " + quote(*type) + ", but this is an evaluator job", "write \"evaluator\" or nothing");
  }
  if (auto task = config.object("task_definition")) {
    job.task_definition = read_task_definition(std::move(*task));
  }
  if (auto metrics = config.texts("metrics")) {
    job.metrics = std::move(*metrics);
    if (job.metrics.empty()) {
      config.refuse("metrics", "is empty", "leave it out for the task's default metrics");
    }
  }
  job.llm_as_judge = read_judge(config);
  job.secret_key_name = config.text("secret_key_name");
  config.finish();
}

bool is_sensitive(const std::string& key) {
  const auto name = to_lower_ascii(key);
  return name.find("api_key") != std::string::npos || name.find("_token") != std::string::npos;
}

void redact(OrderedJson& value) {
  if (value.is_object()) {
    for (auto& [key, member] : value.items()) {
      if (member.is_string() && is_sensitive(key)) {
        member = "<REDACTED>";
      } else {
        redact(member);
      }
    }
  } else if (value.is_array()) {
    for (auto& element : value) {
      redact(element);
    }
  }
}

std::optional<std::string> to_text(const std::optional<Timestamp>& time) {
  return time ? std::optional(to_rfc3339(*time)) : std::nullopt;
}

void write_response_members(JsonWriter& json, const store::JobRecord& job) {
  json.member("id", job.id);
  json.member("name", job.name);
  json.member("description", job.description);
  json.member("status", job.status);
  json.member("job_type", job.type);
  json.member("created_at", to_rfc3339(job.created_at));
  json.member("experiment_id", job.experiment_id);
  json.member("updated_at", to_text(job.updated_at));
}

}  // namespace

std::optional<LlmAsJudge> read_judge(BodyReader& body) {
  auto judge = body.object("llm_as_judge");
  if (!judge) {
    return std::nullopt;
  }
  const auto model = judge->text("model_name");
  const auto url = judge->text("model_base_url");
  if (!model || !url) {
    judge->refuse(model ? "model_base_url" : "model_name", "is missing");
  }
  judge->finish();
  return LlmAsJudge{*model, *url};
}

EvaluatorJobCreate parse_evaluator_job(std::string_view json, const std::string& name) {
  auto body = BodyReader::parse(json, name);
  EvaluatorJobCreate job;
  job.name = body.text("name").value_or("");
  job.description = body.text("description").value_or("");
  job.dataset = body.text("dataset").value_or("");
  job.max_samples = body.integer("max_samples").value_or(job.max_samples);
  job.batch_size = body.integer("batch_size").value_or(job.batch_size);
  if (job.batch_size < 1) {
    body.refuse("batch_size", "needs a number above 0, not " + std::to_string(job.batch_size));
  }
  if (auto config = body.object("job_config")) {
    read_evaluator_config(std::move(*config), job);
  }
  body.finish();
  return job;
}

void check_evaluator_job(const EvaluatorJobCreate& body) {
  if (body.batch_size < 1) {
    throw Error(ErrorCode::invalid_input, "batch size " + std::to_string(body.batch_size) + " is not above 0");
  }
  check_task_definition(body.task_definition);
}

std::string redacted_config(std::string_view text) {
  auto json = OrderedJson::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded()) {
    return "{}";
  }
  redact(json);
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

void write_job_response(JsonWriter& json, const store::JobRecord& job) {
  json.begin_object();
  write_response_members(json, job);
  json.end_object();
}

void write_job(JsonWriter& json, const store::JobRecord& job) {
  json.begin_object();
  write_response_members(json, job);
  json.member("type", "SUBMISSION");
  json.member("submission_id", job.id);
  json.member("driver_info", nullptr);
  json.key("config");
  json.raw(redacted_config(job.config_json));
  json.member("message", job.message);
  json.member("error_type", job.error_type);
  json.member("start_time", to_text(job.start_time));
  json.member("end_time", to_text(job.end_time));
  json.key("metadata");
  json.begin_object();
  json.member("job_type", job.type);
  json.end_object();
  json.key("runtime_env");
  json.begin_object();
  json.end_object();
  json.member("driver_agent_http_address", nullptr);
  json.member("driver_node_id", nullptr);
  json.member("driver_exit_code", job.driver_exit_code);
  json.end_object();
}

}  // namespace lumi::schemas
