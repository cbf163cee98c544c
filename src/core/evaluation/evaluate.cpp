#include "core/evaluation/evaluate.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "core/evaluation/batch_feeder.hpp"
#include "core/evaluation/missing_rows.hpp"
#include "core/evaluation/sample_reader.hpp"
#include "core/evaluation/score_table.hpp"
#include "core/metrics/engine.hpp"
#include "core/metrics/mean.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <thread>

namespace lumi::evaluation {

namespace {

constexpr double k_notable_share = 0.05;

// What one metric of an evaluation has gathered so far.
struct MetricRun {
  const metrics::Metric* metric = nullptr;
  std::size_t width = 0;           // of a row of fields
  std::vector<double> fields;      // of the batch, row-major
  std::vector<double> statistics;  // of the batch, row-major
  std::vector<double> statistic_sums;
};

class Evaluation {
public:
  Evaluation(const Input& input, const Request& request, const Plan& plan);

  void run(const ProgressCallback& progress);
  Outcome take() { return std::move(outcome_); }

private:
  void score(const SampleBatch& batch);
  void collect_samples(const SampleBatch& batch);
  void take_scores(MetricRun& run, std::size_t first_field);
  void check_references(const SampleBatch& batch);
  void finish_field(FieldOutcome& field);
  void finish_metrics();
  void finish_requirements();
  void add_warnings();
  void warn_share(std::uint64_t count, const std::string& whose, const std::string& what);

  const Input& input_;
  const Request& request_;
  const Plan& plan_;
  bool needs_reference_;
  unsigned threads_;
  SampleReader reader_;
  metrics::ScoringPool pool_;
  std::vector<MetricRun> runs_;
  std::size_t row_width_ = 1;  // the status, then the fields
  std::vector<double> rows_;   // of the batch
  std::vector<metrics::Sample> samples_;
  std::vector<std::size_t> sample_rows_;
  MissingRows missing_references_;
  Outcome outcome_;
};

std::vector<const metrics::Metric*> metrics_of(const Plan& plan) {
  std::vector<const metrics::Metric*> metrics;
  for (const auto& metric : plan.metrics) {
    metrics.push_back(metric.get());
  }
  return metrics;
}

unsigned thread_count(const Request& request) {
  return request.threads > 0 ? request.threads : std::max(1U, std::thread::hardware_concurrency());
}

std::size_t row_width(const Plan& plan) {
  std::size_t width = 1;
  for (const auto& metric : plan.metrics) {
    width += metric->definition().fields.size();
  }
  return width;
}

Evaluation::Evaluation(const Input& input, const Request& request, const Plan& plan)
    : input_(input), request_(request), plan_(plan), needs_reference_(plan.needs(metrics::Input::reference)),
      threads_(thread_count(request)), reader_(input, request, {needs_reference_, plan.needs(metrics::Input::source)}),
      pool_(metrics_of(plan), threads_), row_width_(row_width(plan)),
      outcome_(ScoreTable(row_width_, request.max_memory / 2)) {
  std::size_t column = 1;
  for (const auto& metric : plan.metrics) {
    const auto& definition = metric->definition();
    MetricRun run;
    run.metric = metric.get();
    run.width = definition.fields.size();
    run.statistic_sums.assign(definition.statistics.size(), 0);
    runs_.push_back(std::move(run));
    MetricOutcome of_metric;
    of_metric.name = definition.name;
    of_metric.signature = metric->signature();
    of_metric.higher_is_better = definition.higher_is_better;
    for (const auto& field : definition.fields) {
      FieldOutcome of_field;
      of_field.name = field.name;
      of_field.mean_name = field.mean_name;
      of_field.column = column++;
      of_field.is_integral = field.integral;
      of_metric.fields.push_back(std::move(of_field));
    }
    outcome_.metrics.push_back(std::move(of_metric));
  }
  outcome_.skipped_metrics = plan.skipped_metrics;
  outcome_.warnings = plan.warnings;
}

void Evaluation::check_references(const SampleBatch& batch) {
  if (!needs_reference_) {
    return;
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!batch.has_ground_truth(i)) {
      missing_references_.add(batch.number(i));
    }
  }
}

void Evaluation::collect_samples(const SampleBatch& batch) {
  samples_.clear();
  sample_rows_.clear();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!batch.has_prediction(i)) {
      continue;
    }
    samples_.push_back(batch.sample(i));
    sample_rows_.push_back(i);
    if (!batch.has_ground_truth(i)) {
      samples_.back().references = {};
    }
  }
}

// Puts what the pool gave one metric to where it belongs.
void Evaluation::take_scores(MetricRun& run, std::size_t first_field) {
  const auto statistics = run.statistic_sums.size();
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    std::copy_n(run.fields.begin() + static_cast<std::ptrdiff_t>(i * run.width),
                run.width,
                rows_.begin() + static_cast<std::ptrdiff_t>(sample_rows_[i] * row_width_ + first_field));
    for (std::size_t j = 0; j < statistics; ++j) {
      run.statistic_sums[j] += run.statistics[i * statistics + j];
    }
  }
}

void Evaluation::score(const SampleBatch& batch) {
  rows_.assign(batch.size() * row_width_, k_null);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    outcome_.samples.add(batch.status(i));
    rows_[i * row_width_] = static_cast<double>(batch.status(i));
    outcome_.usable += batch.has_prediction(i) && (batch.has_ground_truth(i) || !needs_reference_) ? 1U : 0U;
  }
  collect_samples(batch);
  std::vector<metrics::Scores> out;
  for (auto& run : runs_) {
    run.fields.resize(samples_.size() * run.width);
    run.statistics.resize(samples_.size() * run.statistic_sums.size());
    out.push_back({run.fields, run.statistics});
  }
  pool_.score(samples_, out);
  std::size_t first_field = 1;
  for (auto& run : runs_) {
    take_scores(run, first_field);
    first_field += run.width;
  }
  outcome_.scores.append_rows(rows_);
}

void Evaluation::run(const ProgressCallback& progress) {
  const auto start = std::chrono::steady_clock::now();
  const auto batch_bytes = std::clamp<std::size_t>(request_.max_memory / 16, 64 * 1024, 1024 * 1024);
  BatchFeeder feeder(reader_, batch_bytes, threads_ > 1 ? ReadAhead::yes : ReadAhead::no);
  for (; !feeder.current().is_empty(); feeder.advance()) {
    throw_if_interrupted();
    feeder.read_ahead();
    const auto& batch = feeder.current();
    check_references(batch);
    // Once the file is refused, reading on only finds the other rows to name.
    if (missing_references_.count() == 0 || request_.missing_references == MissingReferences::skip) {
      score(batch);
    }
    outcome_.rows += batch.size();
    if (progress) {
      progress({outcome_.rows, batch.bytes_read()});
    }
  }
  if (request_.missing_references == MissingReferences::refuse) {
    missing_references_.refuse_if_any(input_.name);
  }
  if (outcome_.rows == 0) {
    throw Error(ErrorCode::invalid_input, quote(input_.name) + " has no rows");
  }
  finish_metrics();
  finish_requirements();
  add_warnings();
  outcome_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The mean of what is not null, with the bits of numpy's.
void Evaluation::finish_field(FieldOutcome& field) {
  std::vector<double> numbers;
  const auto for_each_numbers = [&](const auto& take) {
    outcome_.scores.for_each_block(field.column, [&](std::uint64_t, std::span<const double> values) {
      numbers.clear();
      std::copy_if(
          values.begin(), values.end(), std::back_inserter(numbers), [](double value) { return !std::isnan(value); });
      take();
    });
  };
  for_each_numbers([&] { field.count += numbers.size(); });
  metrics::PairwiseMean mean(field.count);
  for_each_numbers([&] { mean.add(numbers); });
  field.mean = mean.mean();
}

void Evaluation::finish_metrics() {
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    for (auto& field : outcome_.metrics[i].fields) {
      finish_field(field);
    }
    for (const auto& value : runs_[i].metric->corpus(runs_[i].statistic_sums)) {
      outcome_.metrics[i].corpus.emplace_back(value.name, value.value);
    }
  }
}

void Evaluation::finish_requirements() {
  for (std::size_t i = 0; i < plan_.conditions.size(); ++i) {
    const auto& condition = plan_.conditions[i];
    const auto value = find_value(outcome_, plan_.measures[i]);
    Requirement requirement;
    requirement.condition = condition.text;
    requirement.value = value && std::isfinite(*value) ? value : std::nullopt;
    requirement.bound = condition.bound;
    requirement.holds = holds(condition, requirement.value);
    requirement.excuses_partial = condition.measure == "coverage" || condition.measure == "errors";
    outcome_.requirements.push_back(std::move(requirement));
  }
}

std::string percent(double share) {
  const auto tenths = std::llround(share * 1000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

void Evaluation::warn_share(std::uint64_t count, const std::string& whose, const std::string& what) {
  const auto share = static_cast<double>(count) / static_cast<double>(outcome_.rows);
  outcome_.warnings.push_back(percent(share) + " of the " + whose + " are " + what + " (" + std::to_string(count) +
                              " of " + std::to_string(outcome_.rows) + ")");
}

void Evaluation::add_warnings() {
  const auto& notes = reader_.notes();
  outcome_.warnings.insert(outcome_.warnings.end(), notes.begin(), notes.end());
  for (const auto status : {SampleStatus::empty, SampleStatus::truncated}) {
    if (outcome_.samples.share(status) > k_notable_share) {
      warn_share(outcome_.samples.of(status), "predictions", std::string(to_text(status)));
    }
  }
  const auto missing = outcome_.samples.of(SampleStatus::error) + outcome_.samples.of(SampleStatus::refused);
  if (missing > 0) {
    warn_share(missing, "predictions", "missing and left out of the means");
  }
  if (missing_references_.count() > 0) {
    warn_share(missing_references_.count(), "ground truths", "missing; those samples are left out of the means");
  }
}

}  // namespace

Outcome evaluate(const Input& input, const Request& request, const Plan& plan, const ProgressCallback& progress) {
  Evaluation evaluation(input, request, plan);
  evaluation.run(progress);
  return evaluation.take();
}

}  // namespace lumi::evaluation
