#include "cli/commands/job_types.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "cli/commands/detach.hpp"
#include "cli/commands/inference_run.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/context.hpp"
#include "core/services/evaluator.hpp"

#include <algorithm>
#include <array>

namespace lumi::cli {

namespace {

std::string
evaluation_config_with(Context& /*context*/, const store::JobRecord& job, const RunControlOptions& controls) {
  if (controls != RunControlOptions{}) {
    throw Error(ErrorCode::usage, "an evaluation asks no model: it has no run controls", "leave them out");
  }
  return job.config_json;
}

bool has_evaluation_to_do(Context& context, const store::JobRecord& job, const RunOptions& options) {
  if (!options.retry.empty()) {
    throw Error(ErrorCode::usage, "an evaluation has no samples to retry", "leave --retry out to run it again");
  }
  if (job.status == "succeeded") {
    return false;
  }
  context.evaluator().check(job);
  return true;
}

ExitCode run_evaluation(Context& context, services::OwnedJob job, const RunOptions& options) {
  return run_evaluator_job(context, std::move(job), {}, options.show);
}

constexpr std::array<JobType, 3> k_types{{
    {"inference", inference_config_with, has_inference_to_do, run_inference_job},
    {"annotate", inference_config_with, has_inference_to_do, run_inference_job},
    {"evaluator", evaluation_config_with, has_evaluation_to_do, run_evaluation},
}};

}  // namespace

const JobType& job_type(std::string_view name) {
  const auto type = std::find_if(k_types.begin(), k_types.end(), [&](const auto& known) { return known.name == name; });
  if (type == k_types.end()) {
    throw Error(ErrorCode::usage, "jobs of type " + quote(name) + " cannot be run here");
  }
  return *type;
}

void bind_detach(OptionSet& set, bool& detach) {
  set.flag("--detach", detach, "Run in the background, and show the job at once");
}

ExitCode run_in_background(Context& context, services::OwnedJob job, const RunOptions& options) {
  const auto row = job.row;
  detach(context, row.id, job.lock, [&] {
    auto unseen = options;
    unseen.show = ShowAtEnd::nothing;
    return job_type(row.type).run(context, std::move(job), unseen);
  });
  show_job_response(context, row);
  return ExitCode::done;
}

}  // namespace lumi::cli
