#include "cli/commands/commands.hpp"
#include "cli/commands/config_fields.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

struct ConfigGetOptions {
  std::string key;
};

void bind(OptionSet& set, ConfigGetOptions& options) {
  set.positional("KEY", options.key, "The setting").completes(Completes::config_key);
}

ExitCode run(const ConfigGetOptions& options, Context& context) {
  const auto view = view_of(context.settings(), options.key);
  if (context.options().json) {
    show_item(context.streams(), context.view(), grid_of(k_setting_fields, std::vector{view}));
  } else {
    context.streams().out().write(view.setting.value + "\n");
  }
  return ExitCode::done;
}

}  // namespace

Command config_get_command() {
  return command<ConfigGetOptions>({.path = "config get",
                                    .summary = "Print the value of a setting",
                                    .examples = {{"where new objects go", "lumi config get storage"}},
                                    .json_fields = names_of(k_setting_fields)},
                                   bind,
                                   run);
}

}  // namespace lumi::cli
