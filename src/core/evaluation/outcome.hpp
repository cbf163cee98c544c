#pragma once
#include "base/error.hpp"
#include "core/evaluation/conditions.hpp"
#include "core/evaluation/sample_status.hpp"
#include "core/evaluation/score_table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::evaluation {

/// One list of numbers in results, and its mean.
struct FieldOutcome {
  std::string name;        ///< rougeL
  std::string mean_name;   ///< rougeL_mean
  std::size_t column = 0;  ///< of the score table
  bool is_integral = false;
  double mean = 0;          ///< NaN: no sample has a number
  std::uint64_t count = 0;  ///< samples that have a number
};

/// What a metric came to.
struct MetricOutcome {
  std::string name;
  std::string signature;
  bool higher_is_better = true;
  std::vector<FieldOutcome> fields;
  std::vector<std::pair<std::string, double>> corpus;  ///< corpus scores, where the metric has them
};

/// The whole of an evaluation, but for the texts.
struct Outcome {
  explicit Outcome(ScoreTable table) : scores(std::move(table)) {}

  std::uint64_t rows = 0;
  std::uint64_t usable = 0;  ///< samples that could be scored
  SampleCounts samples;
  std::vector<MetricOutcome> metrics;
  ScoreTable scores;
  std::size_t status_column = 0;                         ///< the table's column with the samples' SampleStatus
  std::vector<std::pair<std::string, double>> averages;  ///< beside the metrics: avg_prompt_tokens of an inference
  std::vector<std::string> skipped_metrics;
  std::vector<std::string> warnings;
  std::vector<Requirement> requirements;
  double seconds = 0;  ///< reading and scoring
};

/// The metric's outcome of that name, or null.
const MetricOutcome* find_metric(const Outcome& outcome, std::string_view name);

/// The score table's columns of all fields of all metrics, in order.
std::vector<std::size_t> score_columns(const Outcome& outcome);

/// What an evaluation that finished still reports: `failure` where no sample could be scored, `gate_failed` where a
/// condition does not hold, `partial` where predictions are missing and no condition on coverage or errors excuses it.
std::optional<ErrorCode> verdict(const Outcome& outcome);

/// The number that a full name stands for (`rouge.rougeL_mean`, `coverage`, `errors`, …); nothing if there is none.
std::optional<double> find_value(const Outcome& outcome, std::string_view name);

}  // namespace lumi::evaluation
