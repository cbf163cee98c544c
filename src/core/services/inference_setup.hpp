#pragma once
#include "base/piped_process.hpp"
#include "core/chat/api_key.hpp"
#include "core/chat/chat_request.hpp"
#include "core/chat/cost.hpp"
#include "core/chat/endpoint.hpp"
#include "core/evaluation/input.hpp"
#include "core/inference/sample_source.hpp"
#include "core/services/inference_job.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace lumi::services {

/// Where keys, prices and workers are found.
struct InferenceSources {
  std::function<chat::PriceTable()> load_prices;
  chat::SecretLookup secrets;
  /// How the worker of a provider is started, with a token that may be empty. Throws `usage` if there is none.
  std::function<ProgramStart(const std::string& provider, const std::string& token)> find_worker = {};
};

/// An inference with all that it needs before its first request.
struct InferenceSetup {
  InferenceJob job;
  inference::SampleSpec samples;
  chat::Endpoint endpoint;
  chat::ApiKey key;
  std::optional<chat::Price> price;
};

/// Finds all that `job` needs for a file of `rows` rows but its key. Throws for whatever can be known to be wrong
/// before any work: provider, price, prompt and columns.
InferenceSetup set_up_without_key(const InferenceSources& sources,
                                  InferenceJob job,
                                  const evaluation::Input& input,
                                  std::uint64_t rows);

/// The key for what was set up. Throws as chat::find_api_key does; its messages say that the key is for `purpose` ("job
/// 'mine'" if empty).
chat::ApiKey key_for(const InferenceSources& sources, const InferenceSetup& setup, const std::string& purpose = {});

/// Both.
InferenceSetup set_up_inference(const InferenceSources& sources,
                                InferenceJob job,
                                const evaluation::Input& input,
                                std::uint64_t rows,
                                const std::string& purpose = {});

/// What builds the job's requests.
chat::RequestBuilder request_builder(const InferenceSetup& setup);

/// Whether answers are taken from the cache and kept in it.
bool uses_cache(const InferenceJob& job);

}  // namespace lumi::services
