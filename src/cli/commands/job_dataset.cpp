#include "cli/commands/commands.hpp"
#include "cli/commands/dataset_fields.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"

namespace lumi::cli {

namespace {

struct JobDatasetOptions {
  std::string id;
};

void bind(OptionSet& set, JobDatasetOptions& options) {
  set.positional("ID", options.id, "The job, or the first characters of its id").completes(Completes::job);
}

ExitCode run(const JobDatasetOptions& options, Context& context) {
  const auto dataset = context.jobs().dataset(options.id);
  show_item(context.streams(), context.view(), grid_of(k_dataset_fields, std::vector{dataset}));
  return ExitCode::done;
}

}  // namespace

Command job_dataset_command() {
  return command<JobDatasetOptions>({.path = "job dataset",
                                     .summary = "Show the dataset that a job produced",
                                     .examples = {{"its id", "lumi job dataset 3f2a91c0 --json=id"}},
                                     .json_fields = names_of(k_dataset_fields)},
                                    bind,
                                    run);
}

}  // namespace lumi::cli
