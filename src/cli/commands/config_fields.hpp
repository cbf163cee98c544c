#pragma once
#include "cli/io/value.hpp"
#include "core/config/settings.hpp"

#include <array>
#include <string>

namespace lumi::cli {

/// A setting as `lumi config` shows it.
struct SettingView {
  std::string key;
  config::Setting setting;
  std::string help;
};

inline constexpr std::array<Field<SettingView>, 4> k_setting_fields{{
    {"key", "KEY", Show::column, [](const SettingView& view) { return Value(view.key); }},
    {"value",
     "VALUE",
     Show::column,
     [](const SettingView& view) { return view.setting.value.empty() ? Value() : Value(view.setting.value); }},
    {"origin", "ORIGIN", Show::column, [](const SettingView& view) { return Value(view.setting.origin); }},
    {"help", "MEANING", Show::detail, [](const SettingView& view) { return Value(view.help); }},
}};

/// The setting with what is known of it. Throws as Settings::get.
inline SettingView view_of(const config::Settings& settings, std::string_view key) {
  SettingView view{std::string(key), settings.get(key), ""};
  for (const auto& definition : config::all_settings()) {
    view.help = definition.key == key ? std::string(definition.help) : view.help;
  }
  return view;
}

}  // namespace lumi::cli
