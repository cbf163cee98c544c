#pragma once
#include "core/services/inference_setup.hpp"
#include "core/worker/worker_client.hpp"

#include <string>

namespace lumi::services {

/// Whether a worker on this machine runs the models of `job`'s provider.
bool uses_worker(const InferenceJob& job);

/// What the worker of `job` works with: the model and how it is loaded.
std::string worker_options_json(const InferenceJob& job);

/// Throws `usage` unless the worker that `job` needs, if it needs one, is there and can work.
void check_worker(const InferenceSources& sources, const InferenceJob& job);

/// The worker of `setup`, whose job needs one.
worker::WorkerSettings worker_settings(const InferenceSources& sources, const InferenceSetup& setup);

}  // namespace lumi::services
