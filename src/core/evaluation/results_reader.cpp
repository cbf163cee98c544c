#include "core/evaluation/results_reader.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "core/evaluation/results_parser.hpp"
#include "core/evaluation/text_store.hpp"
#include "core/metrics/registry.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace lumi::evaluation {

namespace {

using Json = nlohmann::json;

// `rougeL_mean`, and comet's `mean_score`.
bool is_mean_of(std::string_view scalar, std::string_view list) {
  return scalar == std::string(list) + "_mean" || (scalar == "mean_score" && list == "scores");
}

const metrics::Definition* find_definition(std::string_view name) {
  for (const auto& registration : metrics::all_metrics()) {
    if (registration.definition().name == name) {
      return &registration.definition();
    }
  }
  return nullptr;
}

FieldOutcome to_field(const ParsedResults& parsed, const ParsedList& list, const ScoreTable& table) {
  FieldOutcome field;
  field.name = list.name;
  field.column = list.column;
  field.mean_name = list.name + "_mean";
  field.is_integral = list.is_integral;
  field.mean = std::numeric_limits<double>::quiet_NaN();
  for (const auto& scalar : parsed.scalars) {
    if (scalar.metric == list.metric && is_mean_of(scalar.name, list.name)) {
      field.mean_name = scalar.name;
      field.mean = scalar.value;
    }
  }
  table.for_each_block(list.column, [&](std::uint64_t, std::span<const double> values) {
    for (const double value : values) {
      field.count += std::isnan(value) ? 0U : 1U;
    }
  });
  return field;
}

std::vector<MetricOutcome> to_metrics(const ParsedResults& parsed, const ScoreTable& table) {
  std::vector<MetricOutcome> metrics;
  for (const auto& name : parsed.metrics) {
    MetricOutcome metric;
    metric.name = name;
    if (const auto* definition = find_definition(name)) {
      metric.higher_is_better = definition->higher_is_better;
    }
    for (const auto& list : parsed.lists) {
      if (list.metric == name) {
        metric.fields.push_back(to_field(parsed, list, table));
      }
    }
    if (!metric.fields.empty()) {
      metrics.push_back(std::move(metric));
    }
  }
  return metrics;
}

std::vector<std::string> texts_of(const Json& object, const char* key) {
  std::vector<std::string> texts;
  const auto found = object.find(key);
  if (found != object.end() && found->is_array()) {
    for (const auto& element : *found) {
      if (element.is_string()) {
        texts.push_back(element.get<std::string>());
      }
    }
  }
  return texts;
}

template <class Take>
void for_each_member(const Json& object, const std::string& key, Take take) {
  const auto found = object.find(key);
  if (found != object.end() && found->is_object()) {
    for (const auto& [name, value] : found->items()) {
      take(name, value);
    }
  }
}

// What only lumi's own results say.
void add_lumi_part(Outcome& outcome, const std::string& lumi_json) {
  const auto lumi = Json::parse(lumi_json);
  if (!lumi.is_object()) {
    return;
  }
  outcome.skipped_metrics = texts_of(lumi, "skipped_metrics");
  outcome.warnings = texts_of(lumi, "warnings");
  for_each_member(lumi, "durations", [&](const std::string& name, const Json& value) {
    outcome.seconds = name == "evaluation" && value.is_number() ? value.get<double>() : outcome.seconds;
  });
  for (auto& metric : outcome.metrics) {
    for_each_member(lumi, "signatures", [&](const std::string& name, const Json& value) {
      if (name == metric.name && value.is_string()) {
        metric.signature = value.get<std::string>();
      }
    });
    for_each_member(lumi.value("corpus", Json::object()), metric.name, [&](const std::string& name, const Json& value) {
      if (value.is_number()) {
        metric.corpus.emplace_back(name, value.get<double>());
      }
    });
  }
}

}  // namespace

ResultsReader::ResultsReader(Open open, std::string name, std::uint64_t max_memory_bytes)
    : open_(std::move(open)), name_(std::move(name)), outcome_(ScoreTable(0, max_memory_bytes)) {
  auto& scores = outcome_.scores;
  // Without statuses of its own (Lumigator's file, or lumi's where all are ok) a sample's text says its status.
  const auto text_status = scores.add_column();
  const auto source = open_();
  auto parsed = parse_results(*source, name_, scores, [&](TextList list, std::optional<std::string_view> text) {
    if (list == TextList::predictions) {
      const auto status = !text ? SampleStatus::error : is_blank(*text) ? SampleStatus::empty : SampleStatus::ok;
      const auto value = static_cast<double>(status);
      scores.append(text_status, std::span(&value, 1));
    }
  });
  parameters_json_ = std::move(parsed.parameters_json);
  lumi_json_ = std::move(parsed.lumi_json);
  outcome_.metrics = to_metrics(parsed, scores);
  for (const auto& scalar : parsed.scalars) {
    if (scalar.metric.empty()) {
      outcome_.averages.emplace_back(scalar.name, scalar.value);
    }
  }
  // Without predictions, another list tells how many samples there are.
  const auto other = parsed.lists.empty() ? parsed.status_column : parsed.lists.front().column;
  if (scores.rows(text_status) == 0 && other) {
    const std::vector<double> all_ok(static_cast<std::size_t>(scores.rows(*other)), 0);
    scores.append(text_status, all_ok);
  }
  outcome_.status_column = parsed.status_column.value_or(text_status);
  outcome_.rows = scores.rows(text_status);
  for (std::size_t column = 0; column < scores.columns(); ++column) {
    if (scores.rows(column) != outcome_.rows) {
      throw Error(ErrorCode::invalid_input,
                  quote(name_) + " has lists of different lengths: " + std::to_string(outcome_.rows) + " and " +
                      std::to_string(scores.rows(column)));
    }
  }
  scores.for_each_block(outcome_.status_column, [&](std::uint64_t, std::span<const double> values) {
    for (const double value : values) {
      outcome_.samples.add(static_cast<SampleStatus>(value));
    }
  });
  add_lumi_part(outcome_, lumi_json_);
}

SampleStream ResultsReader::samples(WithTexts texts) const {
  TextStore predictions;
  TextStore ground_truths;
  if (texts == WithTexts::yes) {
    ScoreTable ignored(0, 0);
    const auto source = open_();
    parse_results(*source, name_, ignored, [&](TextList list, std::optional<std::string_view> text) {
      (list == TextList::predictions ? predictions : ground_truths).add(text);
    });
  }
  return {outcome_, predictions.read(), ground_truths.read()};
}

void ResultsReader::for_each(const SampleVisitor& visit) const {
  auto stream = samples(WithTexts::yes);
  for (auto sample = stream.next(); sample && visit(*sample); sample = stream.next()) {
  }
}

SampleStream::SampleStream(const Outcome& outcome, TextStream predictions, TextStream ground_truths)
    : rows_(outcome.rows), predictions_(std::move(predictions)), ground_truths_(std::move(ground_truths)),
      scores_(outcome.scores, score_columns(outcome)), statuses_(outcome.scores, {outcome.status_column}) {}

std::optional<SampleRow> SampleStream::next() {
  if (row_ == rows_) {
    return std::nullopt;
  }
  SampleRow sample;
  sample.number = row_ + 1;
  sample.status = static_cast<SampleStatus>(statuses_.at(row_).front());
  sample.prediction = predictions_.next().value_or(std::string_view());
  sample.ground_truth = ground_truths_.next();
  sample.scores = scores_.at(row_);
  ++row_;
  return sample;
}

}  // namespace lumi::evaluation
