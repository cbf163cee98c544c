#include "cli/docs/complete.hpp"

#include "cli/commands/commands.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

struct CompleteOptions {
  std::int64_t index = 0;
  std::vector<std::string> words;
};

void bind(OptionSet& set, CompleteOptions& options) {
  set.positional("WORDS", options.words, "The index of the word at the cursor, and after -- the words");
}

ExitCode run(const CompleteOptions& options, Context& context) {
  if (options.words.empty()) {
    return ExitCode::done;
  }
  const auto index = static_cast<std::size_t>(std::max(0, std::atoi(options.words[0].c_str())));
  const std::vector<std::string> words(options.words.begin() + 1, options.words.end());
  const auto found = complete(words, index, [&](Completes what) { return context.live_candidates(what); });
  auto& out = context.streams().out();
  for (const auto& candidate : found.candidates) {
    out.write(candidate.word + "\t" + printable(candidate.description) + "\n");
  }
  if (found.shell != Completes::nothing) {
    out.write(found.shell == Completes::file ? ":file\n" : ":folder\n");
  }
  return ExitCode::done;
}

}  // namespace

Command complete_command() {
  return command<CompleteOptions>({.path = "__complete",
                                   .summary = "Answer what a shell's completion asks",
                                   .examples = {{"what may follow", "lumi __complete 1 -- lumi ''"}},
                                   .hidden = true},
                                  bind,
                                  run);
}

}  // namespace lumi::cli
