#include "cli/commands/commands.hpp"
#include "cli/commands/log_view.hpp"
#include "cli/context.hpp"
#include "core/services/workflow.hpp"
#include "core/services/workflow_control.hpp"
#include "core/services/workflow_log.hpp"

namespace lumi::cli {

namespace {

struct WorkflowLogsOptions {
  std::string id;
  std::optional<std::int64_t> tail;
  bool follow = false;
};

void bind(OptionSet& set, WorkflowLogsOptions& options) {
  set.positional("ID", options.id, "The workflow, or the first characters of its id").completes(Completes::workflow);
  set.flag("-f,--follow", options.follow, "Print what is added until the workflow has ended");
  set.option("--tail", "N", options.tail, "Only the last N lines");
}

ExitCode follow(const WorkflowLogsOptions& options, Context& context) {
  const auto id = context.workflows().resolve(options.id);
  services::WorkflowLogReader logs(context.databases().home());
  GrowingLog shown(context, options.tail);
  context.workflow_control().follow(id,
                                    [&](const std::vector<std::string>& jobs) { shown.show(logs.read_lines(jobs)); });
  return ExitCode::done;
}

ExitCode run(const WorkflowLogsOptions& options, Context& context) {
  if (options.follow) {
    return follow(options, context);
  }
  show_logs(context, context.workflows().logs(options.id), options.tail);
  return ExitCode::done;
}

}  // namespace

Command workflow_logs_command() {
  return command<WorkflowLogsOptions>({.path = "workflow logs",
                                       .summary = "Print the logs of a workflow's jobs, oldest first",
                                       .description =
                                           "With --follow it goes on from job to job, and ends with the workflow; with "
                                           "--json, too, each line is an object of its own, with the one key logs. "
                                           "Ctrl-C ends the watching, not the work.",
                                       .examples = {{"the end of it", "lumi workflow logs 7d20b1f4 --tail 20"},
                                                    {"as they come", "lumi workflow logs 7d20b1f4 --follow"}},
                                       .json_fields = names_of(k_log_fields)},
                                      bind,
                                      run);
}

}  // namespace lumi::cli
