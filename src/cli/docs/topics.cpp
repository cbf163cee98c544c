#include "cli/docs/topics.hpp"

#include "base/text.hpp"
#include "cli/exit_code.hpp"
#include "core/chat/provider.hpp"
#include "core/config/settings.hpp"
#include "core/metrics/registry.hpp"

#include <algorithm>
#include <embedded/topics.hpp>
#include <iterator>

namespace lumi::cli {

namespace {

std::string embedded(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(k_topics), std::end(k_topics), [&](const auto& file) { return file.name == name; });
  return found == std::end(k_topics) ? std::string() : std::string(found->text);
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

std::string exit_codes() {
  std::string out = "What a script may rely on. In error JSON the name stands beside the number.\n\n";
  for (const auto& row : exit_code_table()) {
    out += "  " + padded(std::to_string(static_cast<int>(row.exit)), 5) + padded(std::string(row.code), 15) +
           std::string(row.meaning) + "\n";
  }
  return out;
}

std::string environment_topic() {
  std::string out = "A flag wins over the environment, the environment over the configuration file, and that over the\n"
                    "default. 'lumi config list' shows every setting with its value and where it comes from.\n\n";
  for (const auto& setting : config::all_settings()) {
    std::string variable = "LUMI_";
    for (const char c : setting.key) {
      variable += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    out += "  " + padded(variable, 32) + std::string(setting.help) +
           (setting.default_value.empty() ? "" : " (default " + std::string(setting.default_value) + ")") + "\n";
  }
  return out + "\n" + embedded("environment.txt");
}

std::string metrics_topic() {
  std::string out = embedded("metrics.txt") + "\n";
  for (const auto& registration : metrics::all_metrics()) {
    const auto& definition = registration.definition();
    out += "\n  " + padded(std::string(definition.name), 14) + std::string(definition.summary) + "\n";
    for (const auto& option : definition.options) {
      out += "    " + padded(std::string(option.name) + "=" + std::string(option.default_value), 20) +
             std::string(option.help) + "\n";
    }
  }
  return out;
}

std::string where_of(const chat::Provider& provider) {
  if (provider.protocol == chat::Protocol::worker) {
    return "this machine";
  }
  return provider.base_url.empty() ? "needs --base-url" : std::string(provider.base_url);
}

std::string providers_topic() {
  std::string out = embedded("providers.txt") + "\n";
  for (const auto& provider : chat::all_providers()) {
    out += "  " + padded(std::string(provider.name), 14) + padded(std::string(provider.title), 18) +
           where_of(provider) +
           (provider.key_variable.empty() ? std::string() : "  " + std::string(provider.key_variable)) + "\n";
  }
  return out;
}

std::string json_topic() { return embedded("json.txt"); }
std::string formats_topic() { return embedded("formats.txt"); }
std::string conditions_topic() { return embedded("conditions.txt"); }

}  // namespace

const std::vector<Topic>& all_topics() {
  static const std::vector<Topic> topics{{"exit-codes", "what each exit code means", exit_codes},
                                         {"environment", "variables and the configuration file", environment_topic},
                                         {"json", "the shape of --json", json_topic},
                                         {"metrics", "the metrics and their options", metrics_topic},
                                         {"formats", "the files that lumi reads and writes", formats_topic},
                                         {"providers", "who serves models, and their keys", providers_topic},
                                         {"conditions", "what --require takes", conditions_topic}};
  return topics;
}

}  // namespace lumi::cli
