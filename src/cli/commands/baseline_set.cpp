#include "cli/commands/baseline_fields.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/services/baseline.hpp"

namespace lumi::cli {

namespace {

struct BaselineSetOptions {
  std::string name;
  std::string id;
};

void bind(OptionSet& set, BaselineSetOptions& options) {
  set.positional("NAME", options.name, "What it is called").required();
  set.positional("ID", options.id, "An evaluator job or a workflow, or the first characters of its id")
      .required()
      .completes(Completes::job);
}

ExitCode run(const BaselineSetOptions& options, Context& context) {
  const std::vector shown{context.baselines().set(options.name, options.id)};
  show_item(context.streams(), context.view(), grid_of(k_baseline_fields, shown));
  return ExitCode::done;
}

}  // namespace

Command baseline_set_command() {
  return command<BaselineSetOptions>(
      {.path = "baseline set",
       .summary = "Give an evaluation a name that others are compared with",
       .description = "'lumi compare NAME ID' and 'lumi run --baseline NAME' take the name. One that is taken moves to "
                      "the new evaluation. An evaluation that has a name is deleted with --force only. For other "
                      "machines save the results instead: 'lumi job download ID -o baselines/main.json'.",
       .examples = {{"what is in use today", "lumi baseline set main 8c1d77e2"}},
       .json_fields = names_of(k_baseline_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
