#pragma once
#include "core/schemas/generation_config.hpp"
#include "core/schemas/job.hpp"
#include "core/schemas/task_definition.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::schemas {

/// A run control as it was written: "max_cost", "2.50", and what messages about it begin with.
struct ControlSetting {
  std::string key;
  std::string value;
  std::string place;
};

/// How models are asked: for all models of a run, or what one of them has instead.
struct Asking {
  std::optional<std::string> provider;
  std::optional<std::string> base_url;
  std::optional<std::string> secret_key_name;
  std::optional<std::string> system_prompt;
  std::optional<std::string> prompt_template;
  std::optional<std::string> output_field;
  std::optional<std::int64_t> batch_size;
  std::optional<std::int64_t> job_timeout_sec;
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> max_new_tokens;
  std::optional<double> frequency_penalty;
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< further fields of the request: name, JSON
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<ControlSetting> controls;

  /// What `over` has replaces what is here.
  Asking with(const Asking& over) const;
};

/// A model of a run.
struct RunModel {
  std::string name;  ///< empty: the model's
  std::string description;
  std::string model;  ///< as its endpoint calls it, or PROVIDER/MODEL[@BASE_URL]
  Asking asking;
};

/// What a model costs, in USD per million tokens.
struct RunPrice {
  std::string model;
  double input = 0;
  double output = 0;
};

/// A report that a run writes.
struct RunReport {
  std::string format;
  std::filesystem::path file;
};

/// One evaluation: which models are asked about which rows, how their answers are scored, and what must hold. The spec
/// file of `lumi run`; flags may give the rest or replace parts.
struct Run {
  std::string name;  ///< empty: that of the file
  std::string description;
  std::string dataset;  ///< a file or an id
  std::vector<std::pair<std::string, std::string>> columns;
  TaskDefinition task;
  std::int64_t max_samples = -1;
  std::optional<std::int64_t> sample_seed;
  Asking asking;
  std::vector<RunModel> models;
  std::vector<std::string> metrics;
  std::optional<LlmAsJudge> llm_as_judge;
  std::vector<std::string> requirements;
  std::optional<std::string> baseline;  ///< a file or a name
  std::vector<RunReport> reports;
  std::vector<RunPrice> prices;
};

/// Where a spec may point to.
struct SpecPlace {
  std::string name;                                    ///< what messages call the file
  std::filesystem::path folder;                        ///< relative paths start here, and none leads out of it
  std::vector<std::filesystem::path> allowed_folders;  ///< but into these
};

/// Reads a spec file: YAML, of which JSON is a part. Throws `invalid_input` with line, column and field for whatever it
/// should not say.
Run parse_run(std::string_view text, const SpecPlace& place);

/// Throws `invalid_input` for a run without models, and for two of one name, once flags are merged in. Names that are
/// empty become those of the models.
void complete_models(std::vector<RunModel>& models);

/// The run as a spec file that reads back as the same.
std::string to_yaml(const Run& run);

/// Whether a text can be an id or the start of one, and not a file: hex digits and hyphens alone.
bool looks_like_id(std::string_view text);

}  // namespace lumi::schemas
