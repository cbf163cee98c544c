#include "core/evaluation/results_writer.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "core/evaluation/sample_reader.hpp"
#include "core/evaluation/sample_row.hpp"
#include "core/metrics/registry.hpp"

#include <algorithm>

namespace lumi::evaluation {

namespace {

constexpr int k_schema = 1;
constexpr std::uint64_t k_samples_between_checks = 4096;

void write_list(JsonWriter& json, const ScoreTable& scores, const FieldOutcome& field) {
  json.begin_array();
  scores.for_each_block(field.column, [&](std::uint64_t, std::span<const double> values) {
    for (const double value : values) {
      write_score(json, field, value);
    }
  });
  json.end_array();
}

void write_metric(JsonWriter& json, const MetricOutcome& metric, const ScoreTable& scores) {
  json.begin_object();
  for (const auto& field : metric.fields) {
    json.key(field.name);
    write_list(json, scores, field);
  }
  for (const auto& field : metric.fields) {
    json.member(field.mean_name, field.mean);
  }
  json.end_object();
}

void write_metrics(JsonWriter& json, const Outcome& outcome) {
  json.begin_object();
  const auto keys = metrics::result_keys();
  for (const auto key : keys) {
    json.key(key);
    if (const auto* metric = find_metric(outcome, key)) {
      write_metric(json, *metric, outcome.scores);
    } else {
      json.value(nullptr);
    }
  }
  for (const auto& metric : outcome.metrics) {
    if (std::find(keys.begin(), keys.end(), metric.name) == keys.end()) {
      json.key(metric.name);
      write_metric(json, metric, outcome.scores);
    }
  }
  json.end_object();
}

// Reads the input once more and writes what `pick` takes of each sample.
template <class Pick>
void write_texts(JsonWriter& json, const Outcome& outcome, SampleReader& reader, Pick pick) {
  json.begin_array();
  SampleTexts sample;
  std::uint64_t rows = 0;
  while (rows < outcome.rows && reader.next(sample)) {
    json.value(pick(sample));
    if (++rows % k_samples_between_checks == 0) {
      throw_if_interrupted();
    }
  }
  json.end_array();
  if (rows != outcome.rows) {
    throw Error(ErrorCode::failure, "the file changed while it was being evaluated");
  }
}

void write_artifacts(JsonWriter& json, const Outcome& outcome, const Input& input, const Request& request) {
  json.begin_object();
  json.key("predictions");
  SampleReader predictions(input, request, {});
  write_texts(json, outcome, predictions, [](const SampleTexts& sample) {
    return sample.has_prediction() || !is_blank(sample.prediction) ? std::optional(sample.prediction) : std::nullopt;
  });
  json.key("ground_truth");
  SampleReader ground_truths(input, request, {});
  if (ground_truths.has_ground_truth()) {
    write_texts(json, outcome, ground_truths, [](const SampleTexts& sample) {
      return sample.has_ground_truth() ? sample.ground_truth : std::nullopt;
    });
  } else {
    json.value(nullptr);
  }
  json.member("evaluation_time", outcome.seconds);
  json.end_object();
}

void write_texts_list(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const auto& text : texts) {
    json.value(text);
  }
  json.end_array();
}

// One name a sample, or null where every sample is ok.
void write_statuses(JsonWriter& json, const Outcome& outcome) {
  if (outcome.samples.of(SampleStatus::ok) == outcome.rows) {
    json.value(nullptr);
    return;
  }
  json.begin_array();
  outcome.scores.for_each_block(outcome.status_column, [&](std::uint64_t, std::span<const double> values) {
    for (const double value : values) {
      json.value(to_text(static_cast<SampleStatus>(value)));
    }
  });
  json.end_array();
}

void write_corpus_scores(JsonWriter& json, const Outcome& outcome) {
  json.begin_object();
  for (const auto& metric : outcome.metrics) {
    if (metric.corpus.empty()) {
      continue;
    }
    json.key(metric.name);
    json.begin_object();
    for (const auto& [name, value] : metric.corpus) {
      json.member(name, value);
    }
    json.end_object();
  }
  json.end_object();
}

void write_lumi(JsonWriter& json, const Outcome& outcome) {
  json.begin_object();
  json.member("schema", k_schema);
  json.member("version", k_version);
  write_coverage(json, outcome.samples);
  json.key("signatures");
  write_signatures(json, outcome);
  json.key("skipped_metrics");
  write_texts_list(json, outcome.skipped_metrics);
  json.key("dropped_parameters");
  write_texts_list(json, {});
  json.key("durations");
  json.begin_object();
  json.member("evaluation", outcome.seconds);
  json.end_object();
  json.key("corpus");
  write_corpus_scores(json, outcome);
  json.key("statuses");
  write_statuses(json, outcome);
  json.key("warnings");
  write_texts_list(json, outcome.warnings);
  json.end_object();
}

}  // namespace

void write_means(JsonWriter& json, const Outcome& outcome) {
  json.begin_object();
  for (const auto& metric : outcome.metrics) {
    json.key(metric.name);
    json.begin_object();
    for (const auto& field : metric.fields) {
      json.member(field.mean_name, field.mean);
    }
    json.end_object();
  }
  for (const auto& [name, value] : outcome.averages) {
    json.member(name, value);
  }
  json.end_object();
}

void write_counts(JsonWriter& json, const SampleCounts& counts) {
  json.begin_object();
  for (std::size_t i = 0; i < k_sample_statuses; ++i) {
    json.member(to_text(static_cast<SampleStatus>(i)), counts.by_status[i]);
  }
  json.end_object();
}

void write_coverage(JsonWriter& json, const SampleCounts& counts) {
  json.member("coverage", counts.coverage());
  json.key("samples");
  write_counts(json, counts);
}

void write_signatures(JsonWriter& json, const Outcome& outcome) {
  json.begin_object();
  for (const auto& metric : outcome.metrics) {
    json.member(metric.name, metric.signature);
  }
  json.end_object();
}

void write_results(
    ByteSink& sink, const Outcome& outcome, const Input& input, const Request& request, const ResultsExtras& extras) {
  JsonWriter json(sink);
  json.begin_object();
  json.key("metrics");
  write_metrics(json, outcome);
  json.key("parameters");
  json.raw(extras.parameters_json);
  json.key("artifacts");
  write_artifacts(json, outcome, input, request);
  json.key("lumi");
  write_lumi(json, outcome);
  json.end_object();
}

}  // namespace lumi::evaluation
