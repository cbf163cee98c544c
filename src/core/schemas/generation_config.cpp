#include "core/schemas/generation_config.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace lumi::schemas {

namespace {

constexpr double k_largest_temperature = 100;

// NaN lies in no range.
void check_range(const char* name, double value, double low, double high) {
  if (!(value >= low && value <= high)) {
    throw Error(ErrorCode::invalid_input,
                std::string(name) + " " + json_number(value) + " is not between " + json_number(low) + " and " +
                    json_number(high));
  }
}

}  // namespace

GenerationConfig read_generation_config(BodyReader body, const GenerationConfig& defaults) {
  GenerationConfig config;
  config.max_new_tokens = body.integer("max_new_tokens").value_or(defaults.max_new_tokens);
  config.frequency_penalty = body.real("frequency_penalty").value_or(defaults.frequency_penalty);
  config.temperature = body.real("temperature").value_or(defaults.temperature);
  config.top_p = body.real("top_p").value_or(defaults.top_p);
  body.finish();
  return config;
}

void check_generation_config(const GenerationConfig& config) {
  if (config.max_new_tokens < 1) {
    throw Error(ErrorCode::invalid_input,
                "max_new_tokens " + std::to_string(config.max_new_tokens) + " is not above 0");
  }
  check_range("temperature", config.temperature, 0, k_largest_temperature);
  check_range("top_p", config.top_p, 0, 1);
  check_range("frequency_penalty", config.frequency_penalty, -2, 2);
}

void write_generation_config(JsonWriter& json, const GenerationConfig& config) {
  json.begin_object();
  json.member("max_new_tokens", config.max_new_tokens);
  json.member("frequency_penalty", config.frequency_penalty);
  json.member("temperature", config.temperature);
  json.member("top_p", config.top_p);
  json.end_object();
}

}  // namespace lumi::schemas
