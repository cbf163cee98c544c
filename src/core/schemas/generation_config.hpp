#pragma once
#include "core/schemas/body_reader.hpp"

#include <cstdint>

namespace lumi {
class JsonWriter;
}

namespace lumi::schemas {

/// How a model is to write, with Lumigator's defaults.
struct GenerationConfig {
  std::int64_t max_new_tokens = 1024;
  double frequency_penalty = 0.0;
  double temperature = 0.5;
  double top_p = 0.5;
  bool operator==(const GenerationConfig&) const = default;
};

/// Reads a generation_config and finishes it; what it leaves out stays as in `defaults`. Throws `invalid_input`.
GenerationConfig read_generation_config(BodyReader body, const GenerationConfig& defaults = {});

/// Throws `invalid_input` for values out of range: max_new_tokens below 1, temperature below 0, top_p outside 0 to 1,
/// frequency_penalty outside -2 to 2, and what is no number.
void check_generation_config(const GenerationConfig& config);

void write_generation_config(JsonWriter& json, const GenerationConfig& config);

}  // namespace lumi::schemas
