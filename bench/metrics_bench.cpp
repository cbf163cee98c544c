// Samples a second of each metric, for pairs in JSON Lines (`prediction`, `ground_truth`): metrics_bench FILE [THREADS]
#include "base/file.hpp"
#include "base/text.hpp"
#include "core/metrics/engine.hpp"
#include "core/metrics/registry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace lumi;

constexpr int k_runs = 25;

/// All texts of a file and the samples made of them.
struct Pairs {
  std::vector<std::string> texts;
  std::vector<std::string_view> references;
  std::vector<metrics::Sample> samples;
};

Pairs load(const std::string& path) {
  Pairs pairs;
  const std::string file = read_file(path);
  for (const auto line : split(file, '\n')) {
    if (!line.empty()) {
      const auto object = nlohmann::json::parse(line);
      pairs.texts.push_back(object["prediction"].get<std::string>());
      pairs.texts.push_back(object["ground_truth"].get<std::string>());
    }
  }
  for (std::size_t i = 1; i < pairs.texts.size(); i += 2) {
    pairs.references.emplace_back(pairs.texts[i]);
  }
  for (std::size_t i = 0; i < pairs.references.size(); ++i) {
    pairs.samples.push_back({pairs.texts[2 * i], std::span(&pairs.references[i], 1), {}});
  }
  return pairs;
}

struct Seconds {
  double wall = 0;
  double cpu = 0;        ///< of all threads; on a busy machine the better measure
  double least_cpu = 0;  ///< of the fastest run
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + k_runs / 2, values.end());
  return values[k_runs / 2];
}

double least(const std::vector<double>& values) { return *std::min_element(values.begin(), values.end()); }

Seconds measure(const metrics::Metric& metric, const Pairs& pairs, unsigned threads) {
  const auto& definition = metric.definition();
  std::vector<double> fields(pairs.samples.size() * definition.fields.size());
  std::vector<double> statistics(pairs.samples.size() * definition.statistics.size());
  const metrics::Scores out = {fields, statistics};
  metrics::ScoringPool pool({&metric}, threads);
  std::vector<double> wall;
  std::vector<double> cpu;
  for (int run = 0; run < k_runs; ++run) {
    const auto start = std::chrono::steady_clock::now();
    const auto cpu_start = std::clock();
    pool.score(pairs.samples, std::span(&out, 1));
    cpu.push_back(static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC);
    wall.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return {median(wall), median(cpu), least(cpu)};
}

void report(const std::string& request, const Pairs& pairs, unsigned threads) {
  const auto metric = metrics::make_metric(metrics::parse_request(request), {});
  const auto seconds = measure(*metric, pairs, threads);
  const auto count = static_cast<double>(pairs.samples.size());
  std::printf("%-24s %u thread%s %9.0f samples/s %8.3f us/sample %8.3f us of CPU, at least %.3f\n",
              request.c_str(),
              threads,
              threads == 1 ? " " : "s",
              count / seconds.wall,
              seconds.wall / count * 1e6,
              seconds.cpu / count * 1e6,
              seconds.least_cpu / count * 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: metrics_bench FILE.jsonl [THREADS]\n", stderr);
    return 2;
  }
  const auto pairs = load(argv[1]);
  const auto threads = argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : 1U;
  for (const auto& registration : metrics::all_metrics()) {
    const std::string name(registration.definition().name);
    report(name, pairs, threads);
    if (name == "rouge") {
      report("rouge(stemmer=true)", pairs, threads);
    }
  }
  return 0;
}
