#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/job_arguments.hpp"
#include "cli/commands/job_fields.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/context.hpp"
#include "core/services/job_control.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

struct JobWaitOptions {
  std::vector<std::string> ids;
  std::optional<std::string> timeout;
  bool any = false;
};

void bind(OptionSet& set, JobWaitOptions& options) {
  set.positional("ID", options.ids, "Jobs, or the first characters of their ids").required().completes(Completes::job);
  set.option("--timeout", "DURATION", options.timeout, "Wait no longer than this, such as 90s or 1h30m");
  set.flag("--any", options.any, "Wait only until one of them has ended");
}

void say_what_runs(Context& context, const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    if (const auto job = context.job_control().look_at(id); !services::is_finished(job)) {
      context.streams().message("waiting for job " + id + " (" + printable(job.name) + "), which is " + job.status);
    }
  }
}

ExitCode run(const JobWaitOptions& options, Context& context) {
  services::Patience patience;
  if (options.timeout) {
    patience.at_most = parse_duration("--timeout", *options.timeout);
  }
  Failures failures(context);
  const auto ids = resolve_jobs(context, options.ids, failures);
  say_what_runs(context, ids);
  const auto what = options.any ? services::WaitFor::any : services::WaitFor::all;
  const auto jobs = ids.empty() ? std::vector<store::JobRecord>() : context.job_control().wait(ids, what, patience);
  show_listing(context.streams(), context.view(), grid_of(k_job_fields, jobs), jobs.size(), "no jobs");
  const bool is_enough = options.any && std::any_of(jobs.begin(), jobs.end(), services::is_finished);
  for (const auto& job : jobs) {
    if (services::is_finished(job)) {
      if (const auto error = how_it_ended(job)) {
        failures.add(*error);
      }
    } else if (!is_enough) {
      failures.add(Error(ErrorCode::pending, "job " + quote(job.id) + " has not ended yet: it is " + job.status));
    }
  }
  failures.throw_if_any();
  return ExitCode::done;
}

}  // namespace

Command job_wait_command() {
  return command<JobWaitOptions>(
      {.path = "job wait",
       .summary = "Wait until jobs have ended",
       .description = "Shows the jobs as they are then, and exits as the job did: with its exit code, with 1 for a job "
                      "that was stopped, with 8 if the time is over before. Of several jobs the most urgent code "
                      "counts. Ctrl-C ends the waiting, not the job.",
       .examples = {{"then go on", "lumi job wait 3f2a91c0 && lumi job result 3f2a91c0"},
                    {"at most an hour", "lumi job wait 3f2a91c0 --timeout 1h"},
                    {"the first of two", "lumi job wait 3f2a91c0 8c1d77e2 --any"}},
       .json_fields = names_of(k_job_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
