#include "base/json_string.hpp"
#include "base/text.hpp"
#include "core/schemas/run.hpp"

namespace lumi::schemas {

namespace {

/// Writes block mappings whose values are JSON, which YAML reads as they are.
class Lines {
public:
  explicit Lines(std::string& out) : out_(out) {}

  void indent(std::string spaces) { spaces_ = std::move(spaces); }

  /// Puts `mark` in the place of the last characters of the next line's indent.
  void mark_next(std::string mark) { mark_ = std::move(mark); }

  void raw(std::string_view key, std::string_view value) {
    auto start = spaces_;
    start.replace(start.size() - mark_.size(), mark_.size(), mark_);
    mark_.clear();
    out_ += start + std::string(key) + ":" + (value.empty() ? "" : " ") + std::string(value) + "\n";
  }

  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      raw(key, json_string(value));
    }
  }
  void maybe(std::string_view key, const std::optional<std::string>& value) {
    if (value) {
      raw(key, json_string(*value));
    }
  }
  void maybe(std::string_view key, const std::optional<std::int64_t>& value) {
    if (value) {
      raw(key, std::to_string(*value));
    }
  }
  void texts(std::string_view key, const std::vector<std::string>& values) {
    if (values.empty()) {
      return;
    }
    std::vector<std::string> parts;
    for (const auto& value : values) {
      parts.push_back(json_string(value));
    }
    raw(key, "[" + join(parts, ", ") + "]");
  }
  void pairs(std::string_view key, const std::vector<std::pair<std::string, std::string>>& values) {
    if (values.empty()) {
      return;
    }
    std::vector<std::string> parts;
    for (const auto& [name, value] : values) {
      parts.push_back(json_string(name) + ": " + value);
    }
    raw(key, "{" + join(parts, ", ") + "}");
  }

private:
  std::string& out_;
  std::string spaces_;
  std::string mark_;
};

std::vector<std::pair<std::string, std::string>> quoted(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& [name, value] : pairs) {
    result.emplace_back(name, json_string(value));
  }
  return result;
}

void write_asking(Lines& lines, const Asking& asking) {
  lines.maybe("provider", asking.provider);
  lines.maybe("base_url", asking.base_url);
  lines.maybe("secret_key_name", asking.secret_key_name);
  lines.maybe("system_prompt", asking.system_prompt);
  lines.maybe("prompt_template", asking.prompt_template);
  lines.maybe("inference_output_field", asking.output_field);
  lines.maybe("batch_size", asking.batch_size);
  lines.maybe("job_timeout_sec", asking.job_timeout_sec);
  lines.maybe("seed", asking.seed);
  std::vector<std::pair<std::string, std::string>> generation;
  if (asking.max_new_tokens) {
    generation.emplace_back("max_new_tokens", std::to_string(*asking.max_new_tokens));
  }
  const auto add_real = [&](const char* name, const std::optional<double>& value) {
    if (value) {
      generation.emplace_back(name, json_number(*value));
    }
  };
  add_real("frequency_penalty", asking.frequency_penalty);
  add_real("temperature", asking.temperature);
  add_real("top_p", asking.top_p);
  lines.pairs("generation_config", generation);
  lines.pairs("param", asking.parameters);
  lines.pairs("header", quoted(asking.headers));
  for (const auto& setting : asking.controls) {
    lines.raw(setting.key, json_string(setting.value));
  }
}

void write_task(Lines& lines, const TaskDefinition& task) {
  std::vector<std::pair<std::string, std::string>> parts{{"task", json_string(task.task)}};
  if (task.source_language) {
    parts.emplace_back("source_language", json_string(*task.source_language));
  }
  if (task.target_language) {
    parts.emplace_back("target_language", json_string(*task.target_language));
  }
  lines.pairs("task", parts);
}

void write_models(Lines& lines, const std::vector<RunModel>& models) {
  lines.raw("models", "");
  lines.indent("    ");
  for (const auto& model : models) {
    lines.mark_next("- ");
    lines.raw("model", json_string(model.model));
    lines.text("name", model.name == model.model ? "" : model.name);
    lines.text("description", model.description);
    write_asking(lines, model.asking);
  }
  lines.indent("");
}

}  // namespace

std::string to_yaml(const Run& run) {
  std::string out;
  Lines lines(out);
  lines.text("name", run.name);
  lines.text("description", run.description);
  lines.text("dataset", run.dataset);
  lines.pairs("columns", quoted(run.columns));
  write_task(lines, run.task);
  if (run.max_samples > 0) {
    lines.raw("max_samples", std::to_string(run.max_samples));
  }
  lines.maybe("sample_seed", run.sample_seed);
  write_asking(lines, run.asking);
  write_models(lines, run.models);
  lines.texts("metrics", run.metrics);
  if (run.llm_as_judge) {
    lines.pairs("llm_as_judge",
                {{"model_name", json_string(run.llm_as_judge->model_name)},
                 {"model_base_url", json_string(run.llm_as_judge->model_base_url)}});
  }
  lines.texts("require", run.requirements);
  lines.maybe("baseline", run.baseline);
  std::vector<std::pair<std::string, std::string>> reports;
  for (const auto& report : run.reports) {
    reports.emplace_back(report.format, json_string(report.file.string()));
  }
  lines.pairs("report", reports);
  std::vector<std::pair<std::string, std::string>> prices;
  for (const auto& price : run.prices) {
    prices.emplace_back(
        price.model, R"({"input": )" + json_number(price.input) + R"(, "output": )" + json_number(price.output) + "}");
  }
  lines.pairs("prices", prices);
  return out;
}

}  // namespace lumi::schemas
