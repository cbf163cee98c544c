#include "core/inference/results_writer.hpp"

#include "base/interrupt.hpp"
#include "base/json_writer.hpp"
#include "base/version.hpp"
#include "core/evaluation/results_writer.hpp"
#include "core/evaluation/text_store.hpp"

#include <map>
#include <set>

namespace lumi::inference {

namespace {

using evaluation::SampleStatus;
using evaluation::TextStore;

constexpr int k_schema = 1;
constexpr std::uint64_t k_samples_between_checks = 4096;

// The lists of a results.json: each comes as a whole, but the log is read once, in the order of the samples.
struct Lists {
  Tally tally;
  TextStore predictions;
  TextStore reasoning;
  TextStore usages;    ///< as JSON
  TextStore statuses;  ///< as JSON
};

std::string usage_json(const chat::Usage& usage) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("prompt_tokens", *usage.prompt_tokens);
  json.member("total_tokens", *usage.total_tokens);
  json.member("completion_tokens", *usage.completion_tokens);
  json.member("reasoning_tokens", usage.reasoning_tokens.value_or(0));
  json.member("answer_tokens", usage.answer_tokens().value_or(0));
  json.end_object();
  return sink.text();
}

Lists read_lists(const SampleLog& log) {
  Lists lists;
  for (std::uint64_t sample = 0; sample < log.size(); ++sample) {
    const auto record = log.read(sample);
    lists.tally.add(record);
    lists.predictions.add(record.prediction);
    lists.reasoning.add(record.reasoning);
    const auto usage = record.usage ? std::optional(usage_json(*record.usage)) : std::nullopt;
    lists.usages.add(usage);
    lists.statuses.add(evaluation::to_text(record.status));
    if (sample % k_samples_between_checks == 0) {
      throw_if_interrupted();
    }
  }
  return lists;
}

// Whether the elements of a list are texts or JSON already.
enum class Elements { texts, json };

void write_list(JsonWriter& json, TextStore& store, std::uint64_t size, Elements elements) {
  json.begin_array();
  auto stream = store.read();
  for (std::uint64_t i = 0; i < size; ++i) {
    const auto text = stream.next();
    if (text && elements == Elements::json) {
      json.raw(*text);
    } else {
      json.value(text);
    }
  }
  json.end_array();
}

template <class Pick>
void write_inputs(JsonWriter& json, const SampleSpec& samples, Pick pick) {
  SampleSource source(samples);
  SampleInput input;
  json.begin_array();
  while (source.next(input)) {
    json.value(pick(source, input));
  }
  json.end_array();
}

void write_examples(JsonWriter& json, const SampleSpec& samples) {
  json.key("examples");
  write_inputs(json, samples, [](const SampleSource& source, const SampleInput& input) {
    return input.example ? std::string(*input.example) : source.prompt();
  });
}

void write_ground_truth(JsonWriter& json, const SampleSpec& samples) {
  json.key("ground_truth");
  if (SampleSource(samples).has_ground_truth()) {
    write_inputs(json, samples, [](const SampleSource&, const SampleInput& input) { return input.ground_truth; });
  } else {
    json.value(nullptr);
  }
}

void write_artifacts(
    JsonWriter& json, Lists& lists, const SampleLog& log, const SampleSpec& samples, const ResultsExtras& extras) {
  const auto write_answers = [&] { write_list(json, lists.predictions, log.size(), Elements::texts); };
  json.begin_object();
  json.key("predictions");
  if (extras.output_field == "predictions") {
    write_answers();
  } else {
    json.value(nullptr);
  }
  json.key("reasoning");
  write_list(json, lists.reasoning, log.size(), Elements::texts);
  write_examples(json, samples);
  if (extras.output_field == "ground_truth") {
    json.key("ground_truth");
    write_answers();
  } else {
    write_ground_truth(json, samples);
  }
  json.member("model", extras.model);
  json.member("inference_time", extras.seconds);
  json.key("inference_metrics");
  write_list(json, lists.usages, log.size(), Elements::json);
  if (extras.output_field != "predictions" && extras.output_field != "ground_truth") {
    json.key(extras.output_field);
    write_answers();
  }
  json.end_object();
}

void write_latency(JsonWriter& json, const LatencyHistogram& latency) {
  json.begin_object();
  json.member("mean", latency.mean_ms());
  json.member("p50", latency.percentile_ms(0.5));
  json.member("p95", latency.percentile_ms(0.95));
  json.member("p99", latency.percentile_ms(0.99));
  json.end_object();
}

void write_counts(JsonWriter& json, const std::map<std::string, std::uint64_t>& counts) {
  json.begin_object();
  for (const auto& [name, count] : counts) {
    json.member(name, count);
  }
  json.end_object();
}

void write_texts(JsonWriter& json, const std::set<std::string>& texts) {
  json.begin_array();
  for (const auto& text : texts) {
    json.value(text);
  }
  json.end_array();
}

void write_usage(JsonWriter& json, const Tally& tally) {
  json.begin_object();
  json.member("prompt_tokens", tally.prompt_tokens);
  json.member("completion_tokens", tally.completion_tokens);
  json.member("total_tokens", tally.total_tokens);
  json.member("reasoning_tokens", tally.reasoning_tokens);
  json.member("samples", tally.with_usage);
  json.member("estimated_reasoning", tally.with_estimates);
  json.end_object();
}

// One name a sample; null where every sample is ok, unless nothing else in the results says how many there are.
void write_statuses(JsonWriter& json, Lists& lists, std::uint64_t size, const ResultsExtras& extras) {
  json.key("statuses");
  if (lists.tally.samples.of(SampleStatus::ok) == size && extras.output_field == "predictions") {
    json.value(nullptr);
  } else {
    write_list(json, lists.statuses, size, Elements::texts);
  }
}

void write_lumi(JsonWriter& json, Lists& lists, const SampleLog& log, const ResultsExtras& extras) {
  const auto& tally = lists.tally;
  json.begin_object();
  json.member("schema", k_schema);
  json.member("version", k_version);
  evaluation::write_coverage(json, tally.samples);
  json.key("dropped_parameters");
  write_texts(json, tally.left_out);
  json.member("cache_hits", tally.cache_hits);
  json.member("requests", tally.requests);
  json.member("retries", tally.retries);
  json.key("usage");
  write_usage(json, tally);
  json.member("cost", extras.cost);
  json.member("seed", extras.seed);
  json.key("system_fingerprints");
  write_counts(json, tally.fingerprints);
  json.key("models");
  write_counts(json, tally.models);
  json.key("errors");
  write_counts(json, tally.errors);
  json.key("latency_ms");
  write_latency(json, tally.latency);
  json.key("first_token_ms");
  write_latency(json, tally.first_token);
  json.key("durations");
  json.begin_object();
  json.member("inference", extras.seconds);
  json.end_object();
  write_statuses(json, lists, log.size(), extras);
  json.end_object();
}

std::optional<double> average(std::int64_t sum, std::uint64_t count) {
  return count == 0 ? std::nullopt : std::optional(static_cast<double>(sum) / static_cast<double>(count));
}

}  // namespace

void write_averages(JsonWriter& json, const Tally& tally) {
  const auto count = tally.with_usage;
  json.begin_object();
  json.member("avg_prompt_tokens", average(tally.prompt_tokens, count));
  json.member("avg_total_tokens", average(tally.total_tokens, count));
  json.member("avg_completion_tokens", average(tally.completion_tokens, count));
  json.member("avg_reasoning_tokens", average(tally.reasoning_tokens, count));
  json.member("avg_answer_tokens", average(tally.completion_tokens - tally.reasoning_tokens, count));
  json.end_object();
}

Tally write_results(ByteSink& sink, const SampleLog& log, const SampleSpec& samples, const ResultsExtras& extras) {
  auto lists = read_lists(log);
  JsonWriter json(sink);
  json.begin_object();
  json.key("metrics");
  write_averages(json, lists.tally);
  json.key("parameters");
  json.raw(extras.parameters_json);
  json.key("artifacts");
  write_artifacts(json, lists, log, samples, extras);
  json.key("lumi");
  write_lumi(json, lists, log, extras);
  json.end_object();
  return lists.tally;
}

}  // namespace lumi::inference
