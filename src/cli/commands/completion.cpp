#include "cli/commands/commands.hpp"
#include "cli/context.hpp"

#include <embedded/completions.hpp>

namespace lumi::cli {

namespace {

struct CompletionOptions {
  std::string shell;
};

void bind(OptionSet& set, CompletionOptions& options) {
  set.positional("SHELL", options.shell, "The shell").choices({"bash", "zsh", "fish"});
}

ExitCode run(const CompletionOptions& options, Context& context) {
  const std::string file = options.shell == "bash" ? "lumi.bash" : options.shell == "zsh" ? "_lumi" : "lumi.fish";
  for (const auto& script : k_completions) {
    if (script.name == file) {
      context.streams().out().write(script.text);
    }
  }
  return ExitCode::done;
}

}  // namespace

Command completion_command() {
  return command<CompletionOptions>(
      {.path = "completion",
       .summary = "Print the completion script of a shell",
       .description =
           "The script asks lumi itself, so it knows every command, flag and id. A package of lumi installs it "
           "already.",
       .examples = {{"for this bash", "source <(lumi completion bash)"},
                    {"for every zsh", "lumi completion zsh > ~/.zfunc/_lumi"},
                    {"for every fish", "lumi completion fish > ~/.config/fish/completions/lumi.fish"}}},
      bind,
      run);
}

}  // namespace lumi::cli
