#include "cli/commands/commands.hpp"
#include "cli/commands/job_fields.hpp"
#include "cli/commands/job_types.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"
#include "core/services/job_control.hpp"
#include "core/services/lumigator_jobs.hpp"

namespace lumi::cli {

namespace {

struct JobResumeOptions {
  std::string id;
  RunOptions run;
  RunControlOptions controls;
  bool detach = false;
};

void bind(OptionSet& set, JobResumeOptions& options) {
  set.positional("ID", options.id, "The job, or the first characters of its id").completes(Completes::job);
  set.list("--retry", "STATUS", options.run.retry, "Also do again the samples with this status")
      .choices({"error", "refused", "truncated", "empty"});
  bind_detach(set, options.detach);
  bind_run_controls(set, options.controls);
}

ExitCode run(const JobResumeOptions& options, Context& context) {
  auto job = context.jobs().get(options.id);
  if (!services::is_finished(job)) {
    throw context.job_control().in_use(job.id);
  }
  services::check_is_own(job);
  const auto& type = job_type(job.type);
  job.config_json = type.config_with(context, job, options.controls);
  if (!type.has_work(context, job, options.run)) {
    context.streams().message("nothing to do: job " + job.id + " has " + job.status);
    show_job(context, job.id);
    return ExitCode::done;
  }
  auto owned = context.job_control().resume(job);
  announce_job(context, owned.row.id);
  return options.detach ? run_in_background(context, std::move(owned), options.run)
                        : type.run(context, std::move(owned), options.run);
}

}  // namespace

Command job_resume_command() {
  return command<JobResumeOptions>(
      {.path = "job resume",
       .summary = "Go on with a job that failed or was stopped",
       .description = "Takes the job up as its next attempt. Samples that were finished are not sent again, unless "
                      "--retry names their status; an evaluation is computed again as a whole. Run controls are those "
                      "of the last attempt but for the flags "
                      "that are given. A job that has nothing "
                      "left to do is shown as it is.",
       .examples = {{"after a crash", "lumi job resume 3f2a91c0"},
                    {"samples in error once more", "lumi job resume 3f2a91c0 --retry error,refused"},
                    {"with more money", "lumi job resume 3f2a91c0 --max-cost 20"},
                    {"in the background", "lumi job resume 3f2a91c0 --detach"}},
       .json_fields = names_of(k_job_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
