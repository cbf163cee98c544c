#include "cli/commands/commands.hpp"
#include "cli/commands/download_file.hpp"
#include "cli/context.hpp"
#include "core/services/workflow.hpp"

namespace lumi::cli {

namespace {

struct WorkflowDownloadOptions {
  std::string id;
  DownloadOptions download;
};

void bind(OptionSet& set, WorkflowDownloadOptions& options) {
  set.positional("ID", options.id, "The workflow, or the first characters of its id").completes(Completes::workflow);
  bind_download_options(set, options.download, "compiled.json");
}

ExitCode run(const WorkflowDownloadOptions& options, Context& context) {
  const auto id = context.workflows().resolve(options.id);
  DownloadActions actions;
  actions.filename = "compiled.json";
  actions.url = [&](std::int64_t expires_s) { return context.workflows().download_url(id, expires_s); };
  actions.copy = [&](ByteSink& sink) { context.workflows().download(id, sink); };
  return download_file(context, id, options.download, actions);
}

}  // namespace

Command workflow_download_command() {
  return command<WorkflowDownloadOptions>(
      {.path = "workflow download",
       .summary = "Save the compiled.json of a workflow: what both of its jobs came to",
       .examples = {{"into this folder", "lumi workflow download 7d20b1f4"},
                    {"into a pipe", "lumi workflow download 7d20b1f4 -o - | jq .artifacts.predictions"},
                    {"a URL", "lumi workflow download 7d20b1f4 --url"}},
       .json_fields = names_of(k_download_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
