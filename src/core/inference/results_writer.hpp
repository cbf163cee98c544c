#pragma once
#include "base/byte_stream.hpp"
#include "core/inference/sample_log.hpp"
#include "core/inference/sample_source.hpp"
#include "core/inference/tally.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {
class JsonWriter;
}

namespace lumi::inference {

/// What results.json says beside the samples.
struct ResultsExtras {
  std::string_view parameters_json = "{}";  ///< the configuration that the job echoes
  std::string model;
  std::string output_field = "predictions";
  std::optional<std::int64_t> seed;
  std::optional<double> cost;  ///< USD; nothing without a price
  double seconds = 0;          ///< of asking
};

/// Writes results.json of an inference, `{"metrics","parameters","artifacts","lumi"}`, in memory that does not grow
/// with the samples, and returns the sums. Every sample must be in the log.
Tally write_results(ByteSink& sink, const SampleLog& log, const SampleSpec& samples, const ResultsExtras& extras);

/// `{"avg_prompt_tokens":…,…}`; null where no answer was counted.
void write_averages(JsonWriter& json, const Tally& tally);

}  // namespace lumi::inference
