#pragma once
#include "cli/commands/comparison_fields.hpp"
#include "cli/commands/experiment_fields.hpp"
#include "cli/io/value.hpp"
#include "core/comparison/ranking.hpp"
#include "core/evaluation/conditions.hpp"
#include "core/services/run.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

/// A condition for one model, and what it came to.
struct ModelRequirement {
  std::string model;
  evaluation::Requirement requirement;
};

/// What a run came to.
struct RunAnswer {
  ExperimentDetails experiment;
  std::vector<services::ModelOutcome> models;
  std::optional<ComparisonAnswer> comparison;
  std::optional<comparison::Ranking> ranking;
  std::vector<ModelRequirement> requirements;
};

/// A mean of one model: a line of what a pipe gets.
struct RunLine {
  const services::ModelOutcome* model;
  std::string score;           ///< empty: the model has no scores
  std::optional<double> mean;  ///< nothing: no row has a number
};

/// The lines of a run, in order.
std::vector<RunLine> lines_of(const RunAnswer& answer);

/// "gemma is best of 3 on rougeL (0.41), …" or why that is not decided; empty for a single model.
std::string verdict_of(const RunAnswer& answer);

extern const std::array<Field<const RunAnswer*>, 5> k_run_fields;
extern const std::array<Field<RunLine>, 8> k_run_line_fields;

}  // namespace lumi::cli
