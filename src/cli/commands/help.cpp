#include "cli/docs/help.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/docs/topics.hpp"
#include "cli/io/pager.hpp"
#include "cli/registry.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

struct HelpOptions {
  std::vector<std::string> words;
};

void bind(OptionSet& set, HelpOptions& options) {
  set.positional("COMMAND|TOPIC", options.words, "A command such as dataset list, or a topic")
      .completes(Completes::topic);
}

std::string page_of(const std::string& wanted, const Streams& streams) {
  for (const auto& topic : all_topics()) {
    if (topic.name == wanted) {
      return topic.text();
    }
  }
  for (const auto& entry : all_commands()) {
    if (entry.path == wanted) {
      const auto command = entry.make();
      OptionSet options;
      GlobalOptions globals;
      command.bind(options);
      bind_global_options(options, globals);
      return command_help(command.spec, options, HelpDetail::full, streams);
    }
  }
  if (!verbs_of(wanted).empty()) {
    return group_help(wanted, streams);
  }
  std::vector<std::string> known;
  for (const auto& topic : all_topics()) {
    known.push_back(topic.name);
  }
  for (const auto& entry : all_commands()) {
    known.emplace_back(entry.path);
  }
  const auto near = did_you_mean(wanted, known);
  throw Error(ErrorCode::usage, "no help for " + quote(wanted), near.empty() ? "run 'lumi help'" : near);
}

ExitCode run(const HelpOptions& options, Context& context) {
  auto words = options.words;
  std::replace(words.begin(), words.end(), std::string("ls"), std::string("list"));
  show_in_pager(context.streams(), page_of(join(words, " "), context.streams()));
  return ExitCode::done;
}

}  // namespace

Command help_command() {
  return command<HelpOptions>(
      {.path = "help",
       .summary = "Show help for a command or a topic",
       .description = "Topics: exit-codes, environment, json, metrics, formats, conditions.",
       .examples = {{"a command", "lumi help dataset create"}, {"what the exit codes mean", "lumi help exit-codes"}}},
      bind,
      run);
}

}  // namespace lumi::cli
