#include "cli/commands/commands.hpp"
#include "cli/commands/job_fields.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"

namespace lumi::cli {

namespace {

struct JobListOptions {
  services::JobFilter filter;
};

void bind(OptionSet& set, JobListOptions& options) {
  set.list("--type", "TYPE", options.filter.types, "Only jobs of this type")
      .choices({"inference", "annotate", "evaluator"});
  set.list("--status", "STATUS", options.filter.statuses, "Only jobs with this status")
      .choices({"created", "pending", "running", "succeeded", "failed", "stopped"});
  set.option("--skip", "N", options.filter.skip, "Leave out the newest N");
  set.option("-L,--limit", "N", options.filter.limit, "List at most N; 0 lists all");
}

ExitCode run(const JobListOptions& options, Context& context) {
  const auto page = context.jobs().list(options.filter);
  show_listing(context.streams(), context.view(), grid_of(k_job_fields, page.items), page.total, "no jobs");
  return ExitCode::done;
}

}  // namespace

Command job_list_command() {
  return command<JobListOptions>(
      {.path = "job list",
       .summary = "List jobs, newest first",
       .examples = {{"those that failed", "lumi job list --status failed"}, {"ids alone", "lumi job list --json=id"}},
       .json_fields = names_of(k_job_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
