#pragma once
#include "core/schemas/task_definition.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::schemas {

/// ExperimentCreate. Name and dataset may be empty, and the languages of a translation absent: flags may give them.
struct ExperimentCreate {
  std::string name;
  std::string description;
  std::string dataset;
  std::int64_t max_samples = -1;
  TaskDefinition task_definition;
  std::optional<std::string> run = {};           ///< no body has it: see ExperimentConfig
  std::optional<std::int64_t> sample_seed = {};  ///< likewise
};

/// Reads a body of POST /experiments. `name` is the file's in messages. Throws `invalid_input` with line (syntax) or
/// JSON pointer (content).
ExperimentCreate parse_experiment(std::string_view json, const std::string& name);

/// Throws `invalid_input` for an empty name and an incomplete task definition, once flags are merged in.
void check_experiment(const ExperimentCreate& body);

/// What an experiment's row keeps beside its columns.
struct ExperimentConfig {
  std::int64_t max_samples = -1;
  TaskDefinition task_definition;
  std::optional<std::string> run;           ///< the name that `lumi run` was asked for
  std::optional<std::int64_t> sample_seed;  ///< of such a run
};

std::string experiment_config_json(const ExperimentConfig& config);

/// The configuration in an experiment's row. Throws `storage` for one that is damaged.
ExperimentConfig parse_experiment_config(std::string_view json);

}  // namespace lumi::schemas
