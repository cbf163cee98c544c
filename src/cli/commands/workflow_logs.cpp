#include "cli/commands/commands.hpp"
#include "cli/commands/log_view.hpp"
#include "cli/context.hpp"
#include "core/services/workflow.hpp"

namespace lumi::cli {

namespace {

struct WorkflowLogsOptions {
  std::string id;
  std::optional<std::int64_t> tail;
};

void bind(OptionSet& set, WorkflowLogsOptions& options) {
  set.positional("ID", options.id, "The workflow, or the first characters of its id").completes(Completes::workflow);
  set.option("--tail", "N", options.tail, "Only the last N lines");
}

ExitCode run(const WorkflowLogsOptions& options, Context& context) {
  show_logs(context, context.workflows().logs(options.id), options.tail);
  return ExitCode::done;
}

}  // namespace

Command workflow_logs_command() {
  return command<WorkflowLogsOptions>({.path = "workflow logs",
                                       .summary = "Print the logs of a workflow's jobs, oldest first",
                                       .examples = {{"the end of it", "lumi workflow logs 7d20b1f4 --tail 20"}},
                                       .json_fields = names_of(k_log_fields)},
                                      bind,
                                      run);
}

}  // namespace lumi::cli
