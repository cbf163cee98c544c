#include "cli/commands/download_file.hpp"

#include "base/file.hpp"
#include "cli/commands/output_file.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

const std::array<Field<DownloadAnswer>, 2> k_download_fields{{
    {"id", "ID", Show::column, [](const DownloadAnswer& answer) { return Value(answer.id); }},
    {"download_url", "URL", Show::column, [](const DownloadAnswer& answer) { return Value(answer.url); }},
}};

void bind_download_options(OptionSet& set, DownloadOptions& options, const std::string& filename) {
  set.option("-o,--output", "FILE", options.output, "Write here: a file, a folder, or - for stdout")
      .completes(Completes::file)
      .shows_default(filename);
  set.flag("--force", options.force, "Replace a file that exists");
  set.flag("--url", options.url, "Print a URL to read the file from instead");
  set.option("--expires", "DURATION", options.expires, "How long a URL of S3 works");
}

ExitCode
download_file(Context& context, const std::string& id, const DownloadOptions& options, const DownloadActions& actions) {
  if (options.url) {
    const DownloadAnswer answer{id, actions.url(expiry_seconds(options.expires))};
    show_item(context.streams(), context.view(), grid_of(k_download_fields, std::vector{answer}));
    return ExitCode::done;
  }
  const auto target = output_target(context, options.output.value_or(""), actions.filename);
  if (!target) {
    actions.copy(context.streams().out());
    return ExitCode::done;
  }
  AtomicFile file(*target, options.force ? Overwrite::yes : Overwrite::no, Durable::no, Readers::by_umask);
  actions.copy(file);
  file.commit();
  report_written(context, {*target});
  return ExitCode::done;
}

}  // namespace lumi::cli
