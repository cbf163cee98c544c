#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/services/job.hpp"

#include <algorithm>
#include <array>

namespace lumi::cli {

namespace {

struct JobLogsOptions {
  std::string id;
  std::optional<std::int64_t> tail;
};

constexpr std::array<Field<std::string>, 1> k_log_fields{
    {{"logs", "LOG", Show::column, [](const std::string& logs) { return Value(logs); }}}};

void bind(OptionSet& set, JobLogsOptions& options) {
  set.positional("ID", options.id, "The job, or the first characters of its id").completes(Completes::job);
  set.option("--tail", "N", options.tail, "Only the last N lines");
}

std::string last_lines(const std::string& text, std::int64_t count) {
  auto lines = split(text.ends_with('\n') ? std::string_view(text).substr(0, text.size() - 1) : text, '\n');
  const auto keep = std::min<std::size_t>(lines.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, count)));
  std::string out;
  for (auto line = lines.end() - static_cast<std::ptrdiff_t>(keep); line != lines.end(); ++line) {
    out += std::string(*line) + "\n";
  }
  return out;
}

ExitCode run(const JobLogsOptions& options, Context& context) {
  auto logs = context.jobs().logs(options.id);
  if (options.tail) {
    logs = last_lines(logs, *options.tail);
  }
  if (context.options().json) {
    show_item(context.streams(), context.view(), grid_of(k_log_fields, std::vector{logs}));
    return ExitCode::done;
  }
  for (const auto line : split(logs, '\n')) {
    if (!line.empty() || line.data() != logs.data() + logs.size()) {
      const bool terminal = context.streams().out_terminal() == Terminal::yes;
      context.streams().out().write((terminal ? printable(line) : std::string(line)) + "\n");
    }
  }
  return ExitCode::done;
}

}  // namespace

Command job_logs_command() {
  return command<JobLogsOptions>({.path = "job logs",
                                  .summary = "Print the log of a job",
                                  .examples = {{"the end of it", "lumi job logs 3f2a91c0 --tail 20"}},
                                  .json_fields = names_of(k_log_fields)},
                                 bind,
                                 run);
}

}  // namespace lumi::cli
