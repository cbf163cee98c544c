#pragma once
#include "core/inference/engine.hpp"
#include "core/services/inference.hpp"
#include "core/services/job_run.hpp"

namespace lumi::services {

/// Runs the inference of `run`, which has started, from its journal to its results.
InferenceAnswer perform_inference(const InferenceService::Dependencies& with,
                                  JobRun& run,
                                  const ResumeOptions& options,
                                  const inference::ProgressCallback& progress);

}  // namespace lumi::services
