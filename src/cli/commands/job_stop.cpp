#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/delete_items.hpp"
#include "cli/commands/job_arguments.hpp"
#include "cli/context.hpp"
#include "core/services/job_control.hpp"

namespace lumi::cli {

namespace {

struct JobStopOptions {
  std::vector<std::string> ids;
  std::string timeout = "30s";
};

void bind(OptionSet& set, JobStopOptions& options) {
  set.positional("ID", options.ids, "Jobs, or the first characters of their ids").required().completes(Completes::job);
  set.option("--timeout", "DURATION", options.timeout, "How long to wait for their end");
}

std::vector<std::string> ask_to_stop(Context& context, const std::vector<std::string>& ids, Failures& failures) {
  std::vector<std::string> asked;
  for (const auto& id : ids) {
    failures.guard([&] {
      const auto job = context.job_control().look_at(id);
      if (services::is_finished(job)) {
        context.streams().message("job " + id + " has ended already: it is " + job.status);
        return;
      }
      context.job_control().request_stop(id);
      asked.push_back(id);
    });
  }
  return asked;
}

ExitCode run(const JobStopOptions& options, Context& context) {
  const services::Patience patience{parse_duration("--timeout", options.timeout)};
  Failures failures(context);
  const auto asked = ask_to_stop(context, resolve_jobs(context, options.ids, failures), failures);
  std::vector<std::string> stopped;
  for (const auto& job : context.job_control().wait(asked, services::WaitFor::all, patience)) {
    if (job.status == "stopped") {
      stopped.push_back(job.id);
    } else if (services::is_finished(job)) {
      context.streams().message("job " + job.id + " has ended before: it is " + job.status);
    } else {
      failures.add(Error(ErrorCode::pending,
                         "job " + quote(job.id) + " has not stopped yet",
                         "'lumi job wait " + job.id + "' waits for its end"));
    }
  }
  show_done(context, "stopped", stopped);
  failures.throw_if_any();
  return ExitCode::done;
}

}  // namespace

Command job_stop_command() {
  return command<JobStopOptions>(
      {.path = "job stop",
       .summary = "Stop running jobs",
       .description = "Asks the process that works on a job to end (SIGTERM), and waits until it has written what is "
                      "done so far. The job can be resumed. A job that has ended already is left as it is.",
       .examples = {{"one", "lumi job stop 3f2a91c0"},
                    {"two, waiting no longer than a minute", "lumi job stop 3f2a91c0 8c1d77e2 --timeout 1m"}},
       .json_fields = {"stopped"}},
      bind,
      run);
}

}  // namespace lumi::cli
