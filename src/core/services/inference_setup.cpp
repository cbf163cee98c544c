#include "core/services/inference_setup.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "core/services/inference_worker.hpp"

#include <algorithm>
#include <utility>

namespace lumi::services {

namespace {

using inference::CacheUse;

chat::KeyRequest key_request(const InferenceJob& job, const std::string& purpose) {
  chat::KeyRequest request;
  request.purpose = purpose.empty() ? "job '" + job.body.name + "'" : purpose;
  request.secret_key_name = job.body.secret_key_name;
  request.allowed_hosts = job.allowed_hosts;
  request.plaintext = job.plaintext;
  return request;
}

std::optional<chat::Price>
price_of(const InferenceSources& sources, const InferenceJob& job, const chat::Endpoint& endpoint) {
  auto price = job.price ? job.price : sources.load_prices().find(endpoint, job.body.model);
  if (!price && job.controls.engine.max_cost) {
    throw Error(ErrorCode::usage,
                "the price of model " + quote(job.body.model) + " is not known, so --max-cost cannot be kept",
                "'lumi model prices' lists those that are; --max-total-tokens needs none");
  }
  return price;
}

// Whether the model's answer would be the same again.
bool is_repeatable(const InferenceJob& job) {
  const auto is_temperature = [](const chat::Parameter& parameter) { return parameter.name == "temperature"; };
  const auto found = std::find_if(job.parameters.begin(), job.parameters.end(), is_temperature);
  return found == job.parameters.end() ? job.body.generation_config.temperature == 0
                                       : parse_real(found->json) == std::optional(0.0);
}

}  // namespace

InferenceSetup set_up_without_key(const InferenceSources& sources,
                                  InferenceJob job,
                                  const evaluation::Input& input,
                                  std::uint64_t rows) {
  if (job.body.name.empty()) {
    job.body.name = default_inference_name(job.body, input.name);
  }
  InferenceSetup setup;
  setup.endpoint = chat::make_endpoint(job.body.provider, job.body.base_url);
  if (uses_worker(job)) {
    setup.endpoint.url += "?" + worker_options_json(job);
  }
  setup.price = price_of(sources, job, setup.endpoint);
  auto& samples = setup.samples;
  samples.input = input;
  samples.rows = rows;
  samples.prompt = chat::PromptTemplate::parse(job.prompt_template);
  samples.max_samples = job.body.max_samples;
  samples.sample_seed = job.sample_seed;
  // A copy: the first one who opens the input has its content verified, and this one reads only the header.
  const inference::SampleSource finds_columns{inference::SampleSpec(samples)};
  setup.job = std::move(job);
  return setup;
}

chat::ApiKey key_for(const InferenceSources& sources, const InferenceSetup& setup, const std::string& purpose) {
  // A recording asks nobody for a key.
  return setup.job.controls.replay.empty()
             ? chat::find_api_key(setup.endpoint, key_request(setup.job, purpose), sources.secrets)
             : chat::ApiKey();
}

InferenceSetup set_up_inference(const InferenceSources& sources,
                                InferenceJob job,
                                const evaluation::Input& input,
                                std::uint64_t rows,
                                const std::string& purpose) {
  auto setup = set_up_without_key(sources, std::move(job), input, rows);
  setup.key = key_for(sources, setup, purpose);
  return setup;
}

chat::RequestBuilder request_builder(const InferenceSetup& setup) {
  const auto& job = setup.job;
  chat::ChatSettings settings;
  settings.model = job.body.model;
  settings.generation = job.body.generation_config;
  settings.seed = job.seed;
  settings.parameters = job.parameters;
  settings.headers = job.headers;
  settings.delivery = job.controls.delivery;
  settings.limits.total = job.controls.request_timeout;
  return {setup.endpoint, setup.key, std::move(settings)};
}

bool uses_cache(const InferenceJob& job) {
  // A recording must be whole, and is all that a replay goes by.
  if (!job.controls.record.empty() || !job.controls.replay.empty()) {
    return false;
  }
  return job.controls.cache == CacheUse::always || (job.controls.cache == CacheUse::automatic && is_repeatable(job));
}

}  // namespace lumi::services
