#include "cli/commands/commands.hpp"
#include "cli/commands/job_fields.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"

namespace lumi::cli {

namespace {

struct JobGetOptions {
  std::string id;
};

void bind(OptionSet& set, JobGetOptions& options) {
  set.positional("ID", options.id, "The job, or the first characters of its id").completes(Completes::job);
}

ExitCode run(const JobGetOptions& options, Context& context) {
  const auto job = context.jobs().get(options.id);
  show_item(context.streams(), context.view(), grid_of(k_job_fields, std::vector{job}));
  return ExitCode::done;
}

}  // namespace

Command job_get_command() {
  return command<JobGetOptions>({.path = "job get",
                                 .summary = "Show a job",
                                 .examples = {{"its status", "lumi job get 3f2a91c0 --json=status"}},
                                 .json_fields = names_of(k_job_fields)},
                                bind,
                                run);
}

}  // namespace lumi::cli
