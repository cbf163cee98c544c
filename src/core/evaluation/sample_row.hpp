#pragma once
#include "core/evaluation/input.hpp"
#include "core/evaluation/outcome.hpp"
#include "core/evaluation/request.hpp"
#include "core/evaluation/sample_status.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {
class JsonWriter;
}

namespace lumi::evaluation {

/// A scored sample as reports show it. The texts are valid during the visit.
struct SampleRow {
  std::uint64_t number = 0;  ///< from 1
  SampleStatus status = SampleStatus::ok;
  std::string_view prediction;
  std::optional<std::string_view> ground_truth;
  std::span<const double> scores;  ///< as wide as the fields of all metrics; NaN: null
};

/// Takes samples in order; false ends the visit.
using SampleVisitor = std::function<bool(const SampleRow&)>;

/// Calls `visit` for every sample of an evaluation, reading the texts from its input once more. Throws `failure` if the
/// input no longer has the rows that were scored.
void for_each_sample(const Outcome& outcome, const Input& input, const Request& request, const SampleVisitor& visit);

/// A column of scores as a file of samples names it: `rougeL`, or `metric.field` where two metrics have that field.
struct ScoreLabel {
  std::string name;
  const MetricOutcome* metric = nullptr;
  const FieldOutcome* field = nullptr;
};

/// The labels of a SampleRow's scores, in their order.
std::vector<ScoreLabel> score_labels(const Outcome& outcome);

/// A score as JSON: null, or an integer where the field is integral.
void write_score(JsonWriter& json, const FieldOutcome& field, double value);

/// `{"row":1,"status":"ok","prediction":…,"ground_truth":…,"rougeL":…}`: a line of `job samples` and of --per-sample.
void write_sample(JsonWriter& json, const std::vector<ScoreLabel>& labels, const SampleRow& sample);

}  // namespace lumi::evaluation
