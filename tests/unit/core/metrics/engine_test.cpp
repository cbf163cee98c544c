#include "base/error.hpp"
#include "core/metrics/engine.hpp"
#include "core/metrics/registry.hpp"
#include "support/errors.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace lumi::metrics;

/// Samples of the vectors, some of them without a reference if asked for.
struct Texts {
  std::vector<std::string> predictions;
  std::vector<std::string> references;
  std::vector<std::string_view> views;
  std::vector<Sample> samples;

  explicit Texts(std::size_t missing_every) {
    const auto lines = lumi::test::load_vector_lines("bench.jsonl");
    for (std::size_t i = 1; i < 1000; ++i) {
      predictions.push_back(lines[i][0].get<std::string>());
      references.push_back(lines[i][1].get<std::string>());
    }
    views.assign(references.begin(), references.end());
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      const bool is_missing = missing_every > 0 && i % missing_every == 0;
      samples.push_back({predictions[i], std::span(&views[i], is_missing ? 0 : 1), {}});
    }
  }
};

/// All numbers that a pool gives, batch by batch.
std::vector<std::vector<double>>
run(const std::vector<std::unique_ptr<Metric>>& metrics, unsigned threads, const Texts& texts, std::size_t batch) {
  std::vector<const Metric*> pointers;
  std::vector<std::vector<double>> numbers;
  for (const auto& metric : metrics) {
    pointers.push_back(metric.get());
    numbers.emplace_back(texts.samples.size() * metric->definition().fields.size(), -1);
    numbers.emplace_back(texts.samples.size() * metric->definition().statistics.size(), -1);
  }
  ScoringPool pool(pointers, threads);
  for (std::size_t begin = 0; begin < texts.samples.size(); begin += batch) {
    const auto count = std::min(batch, texts.samples.size() - begin);
    std::vector<Scores> out;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const auto& definition = metrics[i]->definition();
      const auto rows = [&](std::vector<double>& all, std::size_t width) {
        return std::span(all).subspan(begin * width, count * width);
      };
      out.push_back(
          {rows(numbers[2 * i], definition.fields.size()), rows(numbers[2 * i + 1], definition.statistics.size())});
    }
    pool.score(std::span(texts.samples).subspan(begin, count), out);
  }
  return numbers;
}

bool are_same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

std::vector<std::unique_ptr<Metric>> make(const std::vector<std::string>& requests) {
  std::vector<std::unique_ptr<Metric>> metrics;
  for (const auto& request : requests) {
    metrics.push_back(make_metric(parse_request(request), {}));
  }
  return metrics;
}

const Definition& failing_definition() {
  static const Definition definition = {.name = "failing",
                                        .summary = "",
                                        .inputs = {Input::prediction},
                                        .fields = {{"x", "x_mean"}},
                                        .options = {},
                                        .statistics = {}};
  return definition;
}

/// Fails at the prediction "fail".
class Failing final : public Metric {
public:
  class FailingScorer final : public Scorer {
  public:
    void score(std::span<const Sample> samples, Scores out) override {
      for (std::size_t i = 0; i < samples.size(); ++i) {
        out.fields[i] = 1;
        if (samples[i].prediction == "fail") {
          throw lumi::Error(lumi::ErrorCode::failure, "failed on purpose");
        }
      }
    }
  };
  const Definition& definition() const override { return failing_definition(); }
  std::string signature() const override { return "failing"; }
  std::unique_ptr<Scorer> make_scorer() const override { return std::make_unique<FailingScorer>(); }
};

}  // namespace

TEST_CASE("scores have the same bits with any number of threads and any batches") {
  const Texts texts(7);
  const auto metrics = make({"rouge", "rouge(stemmer=true)", "bleu", "token_length"});
  const auto expected = run(metrics, 1, texts, texts.samples.size());
  for (const unsigned threads : {0U, 1U, 2U, 3U, 8U}) {
    for (const std::size_t batch : {1U, 16U, 17U, 100U, 999U}) {
      const auto numbers = run(metrics, threads, texts, batch);
      CAPTURE(threads);
      CAPTURE(batch);
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        CHECK(are_same_bits(numbers[i], expected[i]));
      }
    }
  }
}

TEST_CASE("a sample without a reference gives no number") {
  const Texts texts(10);
  const auto metrics = make({"bleu"});
  const auto numbers = run(metrics, 2, texts, 100);
  const auto width = metrics[0]->definition().statistics.size();
  for (std::size_t i = 0; i < texts.samples.size(); ++i) {
    REQUIRE(std::isnan(numbers[0][i]) == (i % 10 == 0));
    REQUIRE((numbers[1][i * width] == 0 && numbers[1][i * width + width - 1] == 0) == (i % 10 == 0));
  }
}

TEST_CASE("an error of a scorer is passed on, and the pool can go on") {
  const Failing metric;
  for (const unsigned threads : {1U, 4U}) {
    ScoringPool pool({&metric}, threads);
    std::vector<Sample> samples(200, Sample{"fine", {}, {}});
    std::vector<double> fields(samples.size());
    const Scores out = {fields, {}};
    samples[150].prediction = "fail";
    const auto error = lumi::test::error_of([&] { pool.score(samples, std::span(&out, 1)); });
    REQUIRE(error.has_value());
    CHECK(std::string(error->what()) == "failed on purpose");
    samples[150].prediction = "fine";
    fields.assign(fields.size(), 0);
    pool.score(samples, std::span(&out, 1));
    CHECK(fields == std::vector<double>(samples.size(), 1));
  }
}

TEST_CASE("an empty batch needs nothing") {
  const auto metrics = make({"rouge"});
  ScoringPool pool({metrics[0].get()}, 4);
  const Scores out;
  pool.score({}, std::span(&out, 1));
}
