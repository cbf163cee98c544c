#include "cli/commands/commands.hpp"
#include "cli/commands/config_fields.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

struct ConfigListOptions {};

void bind(OptionSet& /*set*/, ConfigListOptions& /*options*/) {}

ExitCode run(const ConfigListOptions& /*options*/, Context& context) {
  std::vector<SettingView> views;
  for (const auto& definition : config::all_settings()) {
    views.push_back(view_of(context.settings(), definition.key));
  }
  show_listing(context.streams(), context.view(), grid_of(k_setting_fields, views), views.size(), "no settings");
  return ExitCode::done;
}

}  // namespace

Command config_list_command() {
  return command<ConfigListOptions>({.path = "config list",
                                     .summary = "List every setting, its value and where it comes from",
                                     .examples = {{"every setting", "lumi config list"},
                                                  {"where a value comes from", "lumi config list --json=key,origin"}},
                                     .json_fields = names_of(k_setting_fields)},
                                    bind,
                                    run);
}

}  // namespace lumi::cli
