#include "base/file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/output_file.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct JobDownloadOptions {
  std::string id;
  std::optional<std::string> output;
  bool force = false;
  bool url = false;
  std::string expires = "1h";
};

struct DownloadAnswer {
  std::string id;
  std::string url;
};

constexpr std::array<Field<DownloadAnswer>, 2> k_download_fields{{
    {"id", "ID", Show::column, [](const DownloadAnswer& answer) { return Value(answer.id); }},
    {"download_url", "URL", Show::column, [](const DownloadAnswer& answer) { return Value(answer.url); }},
}};

void bind(OptionSet& set, JobDownloadOptions& options) {
  set.positional("ID", options.id, "The job, or the first characters of its id").completes(Completes::job);
  set.option("-o,--output", "FILE", options.output, "Write here: a file, a folder, or - for stdout")
      .completes(Completes::file)
      .shows_default("results.json");
  set.flag("--force", options.force, "Replace a file that exists");
  set.flag("--url", options.url, "Print a URL to read the file from instead");
  set.option("--expires", "DURATION", options.expires, "How long a URL of S3 works");
}

ExitCode run(const JobDownloadOptions& options, Context& context) {
  const auto id = context.jobs().resolve(options.id);
  if (options.url) {
    const DownloadAnswer answer{id, context.jobs().download_url(id, expiry_seconds(options.expires))};
    show_item(context.streams(), context.view(), grid_of(k_download_fields, std::vector{answer}));
    return ExitCode::done;
  }
  const auto target = output_target(context, options.output.value_or(""), "results.json");
  if (!target) {
    context.jobs().download(id, context.streams().out());
    return ExitCode::done;
  }
  AtomicFile file(*target, options.force ? Overwrite::yes : Overwrite::no, Durable::no, Readers::by_umask);
  context.jobs().download(id, file);
  file.commit();
  report_written(context, {*target});
  return ExitCode::done;
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
