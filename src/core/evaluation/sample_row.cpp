#include "core/evaluation/sample_row.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/json_writer.hpp"
#include "core/evaluation/sample_reader.hpp"

#include <algorithm>
#include <cmath>

namespace lumi::evaluation {

namespace {

constexpr std::uint64_t k_rows_between_checks = 4096;

}  // namespace

void for_each_sample(const Outcome& outcome, const Input& input, const Request& request, const SampleVisitor& visit) {
  SampleReader reader(input, request, {});
  RowCursor scores(outcome.scores, score_columns(outcome));
  SampleTexts texts;
  std::uint64_t row = 0;
  while (row < outcome.rows && reader.next(texts)) {
    SampleRow sample;
    sample.number = texts.number;
    sample.status = texts.status;
    sample.prediction = texts.prediction;
    sample.ground_truth = texts.ground_truth;
    sample.scores = scores.at(row);
    if (!visit(sample)) {
      return;
    }
    if (++row % k_rows_between_checks == 0) {
      throw_if_interrupted();
    }
  }
  if (row != outcome.rows) {
    throw Error(ErrorCode::failure, "the file changed while it was being evaluated");
  }
}

std::vector<ScoreLabel> score_labels(const Outcome& outcome) {
  std::vector<ScoreLabel> labels;
  for (const auto& metric : outcome.metrics) {
    for (const auto& field : metric.fields) {
      labels.push_back({field.name, &metric, &field});
    }
  }
  for (auto& label : labels) {
    const auto same = std::count_if(
        labels.begin(), labels.end(), [&](const auto& other) { return other.field->name == label.field->name; });
    if (same > 1) {
      label.name = label.metric->name + "." + label.field->name;
    }
  }
  return labels;
}

void write_score(JsonWriter& json, const FieldOutcome& field, double value) {
  if (field.is_integral && std::isfinite(value)) {
    json.value(static_cast<std::int64_t>(value));
  } else {
    json.value(value);
  }
}

void write_sample(JsonWriter& json, const std::vector<ScoreLabel>& labels, const SampleRow& sample) {
  json.begin_object();
  json.member("row", sample.number);
  json.member("status", to_text(sample.status));
  json.member("prediction", sample.prediction);
  json.member("ground_truth", sample.ground_truth);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    json.key(labels[i].name);
    write_score(json, *labels[i].field, sample.scores[i]);
  }
  json.end_object();
}

}  // namespace lumi::evaluation
