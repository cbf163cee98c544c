#include "cli/commands/commands.hpp"
#include "cli/commands/log_view.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"
#include "core/services/job_control.hpp"
#include "core/services/job_log.hpp"

namespace lumi::cli {

namespace {

struct JobLogsOptions {
  std::string id;
  std::optional<std::int64_t> tail;
  bool follow = false;
};

void bind(OptionSet& set, JobLogsOptions& options) {
  set.positional("ID", options.id, "The job, or the first characters of its id").completes(Completes::job);
  set.flag("-f,--follow", options.follow, "Print what is added until the job has ended");
  set.option("--tail", "N", options.tail, "Only the last N lines");
}

ExitCode follow(const JobLogsOptions& options, Context& context) {
  const auto id = context.jobs().resolve(options.id);
  services::JobLogReader log(context.jobs().log_path(id));
  GrowingLog shown(context, options.tail);
  context.job_control().follow(id, [&] { shown.show(log.read_lines()); });
  return ExitCode::done;
}

ExitCode run(const JobLogsOptions& options, Context& context) {
  if (options.follow) {
    return follow(options, context);
  }
  show_logs(context, context.jobs().logs(options.id), options.tail);
  return ExitCode::done;
}

}  // namespace

Command job_logs_command() {
  return command<JobLogsOptions>(
      {.path = "job logs",
       .summary = "Print the log of a job",
       .description = "With --follow and --json each line is an object of its own, with the one key logs.",
       .examples = {{"the end of it", "lumi job logs 3f2a91c0 --tail 20"},
                    {"as it comes", "lumi job logs 3f2a91c0 --follow"}},
       .json_fields = names_of(k_log_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
