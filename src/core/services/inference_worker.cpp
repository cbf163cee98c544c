#include "core/services/inference_worker.hpp"

#include "base/json_writer.hpp"
#include "core/chat/provider.hpp"

#include <algorithm>

namespace lumi::services {

namespace {

constexpr const char* k_method = "generate";
// Enough for a batch to pay, and little enough for an ordinary machine's memory.
constexpr std::size_t k_usual_batch = 8;

std::size_t batch_size(const InferenceJob& job) {
  if (job.body.batch_size > 1) {
    return static_cast<std::size_t>(job.body.batch_size);
  }
  const auto& concurrency = job.controls.engine.concurrency;
  return concurrency.automatic ? k_usual_batch : std::max<std::size_t>(1, concurrency.most);
}

worker::WorkerSettings settings_of(const InferenceSources& sources, const InferenceJob& job, const std::string& token) {
  worker::WorkerSettings settings;
  settings.name = job.body.provider;
  settings.method = k_method;
  settings.program = sources.find_worker(settings.name, token);
  return settings;
}

}  // namespace

bool uses_worker(const InferenceJob& job) {
  const auto* provider = chat::find_provider(job.body.provider);
  return provider != nullptr && provider->protocol == chat::Protocol::worker;
}

std::string worker_options_json(const InferenceJob& job) {
  const auto& body = job.body;
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("model", body.model);
  json.member("task", body.task_definition.task);
  json.member("source_language", body.task_definition.source_language);
  json.member("target_language", body.task_definition.target_language);
  json.member("revision", body.pipeline.revision);
  json.member("accelerator", body.pipeline.accelerator);
  json.member("torch_dtype", body.pipeline.torch_dtype);
  json.member("use_fast", body.pipeline.use_fast);
  json.member("trust_remote_code", body.pipeline.trust_remote_code);
  json.end_object();
  return sink.text();
}

void check_worker(const InferenceSources& sources, const InferenceJob& job) {
  if (uses_worker(job) && job.controls.replay.empty()) {
    worker::check_worker(settings_of(sources, job, ""));
  }
}

worker::WorkerSettings worker_settings(const InferenceSources& sources, const InferenceSetup& setup) {
  auto settings = settings_of(sources, setup.job, setup.key.value);
  settings.options_json = worker_options_json(setup.job);
  settings.max_in_flight = batch_size(setup.job);
  return settings;
}

}  // namespace lumi::services
