#include "cli/commands/commands.hpp"
#include "cli/commands/download_file.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"

namespace lumi::cli {

namespace {

struct JobDownloadOptions {
  std::string id;
  DownloadOptions download;
};

void bind(OptionSet& set, JobDownloadOptions& options) {
  set.positional("ID", options.id, "The job, or the first characters of its id").completes(Completes::job);
  bind_download_options(set, options.download, "results.json");
}

ExitCode run(const JobDownloadOptions& options, Context& context) {
  const auto id = context.jobs().resolve(options.id);
  DownloadActions actions;
  actions.filename = "results.json";
  actions.url = [&](std::int64_t expires_s) { return context.jobs().download_url(id, expires_s); };
  actions.copy = [&](ByteSink& sink) { context.jobs().download(id, sink); };
  return download_file(context, id, options.download, actions);
}

}  // namespace

Command job_download_command() {
  return command<JobDownloadOptions>(
      {.path = "job download",
       .summary = "Save the results.json of a job",
       .examples = {{"into this folder", "lumi job download 3f2a91c0"},
                    {"into a pipe", "lumi job download 3f2a91c0 -o - | jq .metrics.rouge.rougeL_mean"},
                    {"a URL", "lumi job download 3f2a91c0 --url"}},
       .json_fields = names_of(k_download_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
