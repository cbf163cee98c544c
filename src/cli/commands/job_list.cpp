#include "base/suggest.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/job_fields.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

const std::vector<std::string> k_types = {"inference", "annotate", "evaluator"};

struct JobListOptions {
  services::JobFilter filter;
};

void bind(OptionSet& set, JobListOptions& options) {
  set.list("--type", "TYPE", options.filter.types, "Only jobs of this type")
      .synonym("--types")
      .synonym("--job-types")
      .suggests(k_types);
  set.list("--status", "STATUS", options.filter.statuses, "Only jobs with this status")
      .choices({"created", "pending", "running", "succeeded", "failed", "stopped"});
  set.option("--skip", "N", options.filter.skip, "Leave out the newest N");
  set.option("-L,--limit", "N", options.filter.limit, "List at most N; 0 lists all");
}

// As in Lumigator, where scripts may ask for types of another version: no jobs have such a type.
void warn_of_unknown_types(const JobListOptions& options, Context& context) {
  for (const auto& type : options.filter.types) {
    if (std::find(k_types.begin(), k_types.end(), type) == k_types.end()) {
      const auto near = did_you_mean(type, k_types);
      context.streams().warning("no job has the type " + quote(type) + ": " +
                                (near.empty() ? "it is one of " + join(k_types, ", ") : near));
    }
  }
}

ExitCode run(const JobListOptions& options, Context& context) {
  warn_of_unknown_types(options, context);
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
