#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/delete_items.hpp"
#include "cli/context.hpp"
#include "core/services/secret.hpp"

namespace lumi::cli {

namespace {

struct SecretDeleteOptions {
  std::vector<std::string> names;
  DeleteOptions common;
};

void bind(OptionSet& set, SecretDeleteOptions& options) {
  set.positional("NAME", options.names, "Secrets, in any case").required().completes(Completes::secret);
  bind_delete_options(set, options.common);
}

ExitCode run(const SecretDeleteOptions& options, Context& context) {
  auto common = options.common;
  common.ignore_not_found = true;  // what is not there is as it should be, as with Lumigator
  DeleteActions actions;
  actions.noun = "secret";
  actions.resolve = [&](const std::string& name) {
    const auto secret = context.secrets().get(name);
    return DeleteItem{secret.name, secret.description};
  };
  actions.remove = [&](const std::string& name) {
    context.secrets().remove(name);
    return std::vector<std::string>();
  };
  return delete_items(context, options.names, common, actions);
}

}  // namespace

Command secret_delete_command() {
  return command<SecretDeleteOptions>(
      {.path = "secret delete",
       .summary = "Forget secrets",
       .description = "Asks on a terminal; elsewhere --yes is needed. A secret that is not there is no error.",
       .examples = {{"in a script", "lumi secret delete openai_api_key --yes"}},
       .json_fields = {"deleted"}},
      bind,
      run);
}

}  // namespace lumi::cli
