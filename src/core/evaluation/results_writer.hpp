#pragma once
#include "base/byte_stream.hpp"
#include "core/evaluation/input.hpp"
#include "core/evaluation/outcome.hpp"
#include "core/evaluation/request.hpp"

#include <string_view>

namespace lumi {
class JsonWriter;
}

namespace lumi::evaluation {

/// What results.json holds beside an outcome.
struct ResultsExtras {
  std::string_view parameters_json = "{}";  ///< the configuration that the job echoes
};

/// Writes results.json: `{"metrics","parameters","artifacts","lumi"}`. The texts are read from `input` once more.
/// Throws `failure` if the input no longer has the rows that were scored.
void write_results(
    ByteSink& sink, const Outcome& outcome, const Input& input, const Request& request, const ResultsExtras& extras);

/// The means alone: `{"rouge":{"rouge1_mean":…},…}`.
void write_means(JsonWriter& json, const Outcome& outcome);

/// `{"ok":…,"empty":…,"truncated":…,"refused":…,"error":…}`.
void write_counts(JsonWriter& json, const SampleCounts& counts);

/// The members "coverage" and "samples", the latter as write_counts.
void write_coverage(JsonWriter& json, const SampleCounts& counts);

/// `{"rouge":"rouge|stemmer:no|…"}`.
void write_signatures(JsonWriter& json, const Outcome& outcome);

}  // namespace lumi::evaluation
