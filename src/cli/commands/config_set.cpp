#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/config_fields.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

struct ConfigSetOptions {
  std::string key;
  std::string value;
};

void bind(OptionSet& set, ConfigSetOptions& options) {
  set.positional("KEY", options.key, "The setting").completes(Completes::config_key);
  set.positional("VALUE", options.value, "Its new value");
}

ExitCode run(const ConfigSetOptions& options, Context& context) {
  auto& settings = context.settings();
  settings.set(options.key, options.value);
  const auto view = view_of(settings, options.key);
  if (view.setting.origin != settings.file().string()) {
    context.streams().warning(view.setting.origin + " still says " + quote(view.setting.value) + " for " + options.key);
  }
  if (context.options().json) {
    show_item(context.streams(), context.view(), grid_of(k_setting_fields, std::vector{view}));
  } else {
    context.streams().message("set " + options.key + " in " + settings.file().string());
  }
  return ExitCode::done;
}

}  // namespace

Command config_set_command() {
  return command<ConfigSetOptions>(
      {.path = "config set",
       .summary = "Write a setting into the configuration file",
       .description =
           "The file is $XDG_CONFIG_HOME/lumi/config.yaml, or what LUMI_CONFIG names. Everything else in it, "
           "comments too, stays as it is.",
       .examples = {{"refuse large datasets", "lumi config set dataset.max_size 50MB"}},
       .json_fields = names_of(k_setting_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
