#include "cli/commands/commands.hpp"
#include "cli/commands/delete_items.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"
#include "core/services/job_control.hpp"

namespace lumi::cli {

namespace {

struct JobDeleteOptions {
  std::vector<std::string> ids;
  bool force = false;
  DeleteOptions common;
};

void bind(OptionSet& set, JobDeleteOptions& options) {
  set.positional("ID", options.ids, "Jobs, or the first characters of their ids").required().completes(Completes::job);
  set.flag("--force", options.force, "Stop a job that is not finished, and delete it");
  bind_delete_options(set, options.common);
}

ExitCode run(const JobDeleteOptions& options, Context& context) {
  const auto force = options.force ? services::Force::yes : services::Force::no;
  DeleteActions actions;
  actions.noun = "job";
  actions.resolve = [&](const std::string& id) {
    const auto job = context.jobs().get(id);
    context.job_control().check_removable(job, force);
    return DeleteItem{job.id, job.name};
  };
  actions.remove = [&](const std::string& id) { return context.job_control().remove(id, force).warnings; };
  return delete_items(context, options.ids, options.common, actions);
}

}  // namespace

Command job_delete_command() {
  return command<JobDeleteOptions>(
      {.path = "job delete",
       .summary = "Delete jobs, their logs and their results",
       .description = "Asks on a terminal; elsewhere --yes is needed. A dataset that the job made stays.",
       .examples = {{"what would go", "lumi job delete 3f2a91c0 --dry-run"},
                    {"in a script", "lumi job delete 3f2a91c0 --yes"}},
       .json_fields = {"deleted"}},
      bind,
      run);
}

}  // namespace lumi::cli
