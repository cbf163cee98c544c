#pragma once
#include "cli/options.hpp"
#include "core/evaluation/request.hpp"
#include "core/tabular/csv_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// What `lumi evaluate` and `lumi job create evaluator` both take about how to score.
struct EvaluationOptions {
  std::vector<std::string> metrics;
  std::optional<std::string> task;
  std::optional<std::string> predictions_field;
  std::optional<std::string> reference_field;
  std::optional<std::string> source_field;
  std::vector<std::string> map;
  std::optional<std::int64_t> max_samples;
  std::string missing_references = "refuse";
  std::string empty_predictions = "score";
  std::vector<std::string> requirements;
  std::optional<std::int64_t> threads;
};

/// Declares them.
void bind_evaluation_options(OptionSet& set, EvaluationOptions& options);

/// Puts what the flags and settings say into `request`; what was not given stays as it is. Throws `usage`.
void apply(const EvaluationOptions& options, Context& context, evaluation::Request& request);

/// "name=column" pairs. Throws `usage` for text that is none.
std::vector<std::pair<std::string, std::string>> parse_map(const std::vector<std::string>& texts);

}  // namespace lumi::cli
